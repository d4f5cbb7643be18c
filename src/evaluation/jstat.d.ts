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
    /** Quantile of the values, interpolated as in numpy's default. */
    percentile(values: readonly number[], p: number): number;
  }
  const jstat: { readonly jStat: JStat };
  export default jstat;
}
