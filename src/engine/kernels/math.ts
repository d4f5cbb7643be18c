/**
 * exp for four floats, within 2 units in the last place over [-87, 88]; clamped beyond. Cephes' expf: exp(x) = 2^n exp(r),
 * r = x - n ln 2 in two parts, a polynomial of degree 6 in r. Our own, because JavaScript's differs between engines.
 */
export function expf4(value: v128): v128 {
  const x = f32x4.min(f32x4.max(value, f32x4.splat(-87.3)), f32x4.splat(88.3));
  const n = f32x4.floor(f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(0.5)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, scale);
}

// Double precision, for what is computed a few times a step or once (losses, roots, initial weights, fits): AssemblyScript's own need
// tables and globals, which kernels must not have; these are fdlibm's polynomials.

const PIO2_HIGH: f64 = 1.57079632673412561417e+00;
const PIO2_LOW: f64 = 6.07710050650619224932e-11;

/** cos, |x| <= 1000 (initial weights need 2 pi), within 1e-15. */
export function cos(x: f64): f64 {
  const k = floor<f64>(abs<f64>(x) * (2 / 3.14159265358979323846) + 0.5);
  const r = abs<f64>(x) - k * PIO2_HIGH - k * PIO2_LOW;
  const z = r * r;
  const c = 1 - 0.5 * z + z * z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
    + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  const s = r + r * z * (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04
    + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))));
  const quadrant = <i32>k & 3;
  return quadrant == 0 ? c : quadrant == 1 ? -s : quadrant == 2 ? -c : s;
}

/** exp, relative error below 1e-15 over [-700, 700]; clamped beyond. */
export function exp(value: f64): f64 {
  const x = min<f64>(max<f64>(value, -700), 700);
  const k = floor<f64>(x * 1.44269504088896338700e+00 + 0.5);
  const high = x - k * 6.93147180369123816490e-01;
  const low = k * 1.90821492927058770002e-10;
  const r = high - low;
  const z = r * r;
  const c = r - z * (1.66666666666666019037e-01 + z * (-2.77777777770155933842e-03 + z * (6.61375632143793436117e-05
    + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
  const y = 1 - ((low - (r * c) / (2 - c)) - high);
  return y * reinterpret<f64>((<i64>k + 1023) << 52);
}

/** Natural logarithm of a normal positive number, relative error below 1e-15. */
export function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.41421356237309504880) {
    m *= 0.5;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (6.666666666666735130e-01 + z * (3.999999999940941908e-01 + z * (2.857142874366239149e-01 + z * (2.222219843214978396e-01
    + z * (1.818357216161805012e-01 + z * (1.531383769920937332e-01 + z * 1.479819860511658591e-01))))));
  const half = 0.5 * f * f;
  return <f64>k * 6.93147180369123816490e-01 - ((half - (s * (half + r) + <f64>k * 1.90821492927058770002e-10)) - f);
}
