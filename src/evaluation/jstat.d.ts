/** The part of jstat that is used; it brings no types. */
declare module 'jstat' {
  interface JStat {
    readonly studentt: {
      /** Quantile. */
      inv(p: number, degreesOfFreedom: number): number;
    };
    readonly beta: {
      /** Quantile. */
      inv(p: number, alpha: number, beta: number): number;
    };
    /** Quantiles of the values; alphap and betap of 1 interpolate as numpy's default does. */
    quantiles(values: readonly number[], p: readonly number[], alphap: number, betap: number): number[];
  }
  const jstat: { readonly jStat: JStat };
  export default jstat;
}
