/** Singular value decomposition of small matrices: one-sided Jacobi (Hestenes 1958), exact and short. */

const MOST_SWEEPS = 30;
const CONVERGED = 1e-9;

export interface Singular {
  /** Falling. */
  readonly values: Float64Array;
  /** Unit columns, [rows] each, in the order of the values. */
  readonly left: readonly Float64Array[];
  /** Unit columns, [columns] each. */
  readonly right: readonly Float64Array[];
}

/** @param matrix [rows, columns], row by row */
export function singularValues(matrix: Float32Array, rows: number, columns: number): Singular {
  if (rows < columns) {
    const { values, left, right } = singularValues(transposed(matrix, rows, columns), columns, rows);
    return { values, left: right, right: left };
  }
  const u = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => matrix[i * columns + j]!),
  );
  const v = Array.from({ length: columns }, (_, j) => {
    const unit = new Float64Array(columns);
    unit[j] = 1;
    return unit;
  });
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let p = 0; p < columns; p++)
      for (let q = p + 1; q < columns; q++) largest = Math.max(largest, makeOrthogonal(u, v, p, q));
    if (largest < CONVERGED) break;
  }
  const lengths = u.map((column) => Math.sqrt(dot(column, column)));
  const order = lengths.map((_, j) => j).sort((a, b) => lengths[b]! - lengths[a]!);
  return {
    values: Float64Array.from(order, (j) => lengths[j]!),
    left: order.map((j) => u[j]!.map((value) => (lengths[j] === 0 ? 0 : value / lengths[j]!))),
    right: order.map((j) => v[j]!),
  };
}

/** Turns columns p and q until they are orthogonal; returns how far they were from it (a cosine). */
function makeOrthogonal(u: Float64Array[], v: Float64Array[], p: number, q: number): number {
  const a = u[p]!;
  const b = u[q]!;
  const alpha = dot(a, a);
  const beta = dot(b, b);
  const gamma = dot(a, b);
  const cosine = gamma === 0 ? 0 : Math.abs(gamma) / Math.sqrt(alpha * beta);
  if (cosine < CONVERGED) return cosine;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  turn(a, b, c, c * t);
  turn(v[p]!, v[q]!, c, c * t);
  return cosine;
}

function turn(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    a[i] = c * x - s * b[i]!;
    b[i] = s * x + c * b[i]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: matrix.length },
    (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}
