/*
 * The kernel in WebAssembly, twice: of the first WebAssembly, and with the vectors of later ones. kernel.ts says what the words of a
 * step mean, typescript.ts is the same in TypeScript. Sums are of integers: all three end in the same bits.
 * Bytes are read four at a time: where memory has no guard pages (32-bit processors) each read is checked by two instructions.
 * Built by build.ts.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef u32 __attribute__((aligned(1))) loose32;
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { INPUT, OUTPUT, WEIGHTS, OFFSETS, CHANNELS, ROWS, PIXELS, ROW_STEP, PIXEL_STEP, SEGMENTS, SEGMENT_WORDS,
       OUTPUT_CHANNELS, ZERO_POINT, LOWEST, HIGHEST, IS_FLOAT };

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A float of magnitude below 2^22 plus this ends in that number, rounded to even. */
#define ROUNDS_FLOATS 12582912.0f
#define ROUNDED_BITS 0x4b400000

ALWAYS_INLINE void store(const int *step, const int *channel, int at, int sum, u8 *output, int index) {
  float scaled = (float)sum * ((const float *)channel)[8 + at];
  if (step[IS_FLOAT]) {
    ((float *)output)[index] = scaled;
    return;
  }
  float lowest = (float)(step[LOWEST] - step[ZERO_POINT]);
  float highest = (float)(step[HIGHEST] - step[ZERO_POINT]);
  if (!(scaled > lowest)) scaled = lowest;
  if (!(scaled < highest)) scaled = highest;
  union { float number; int bits; } rounded = { scaled + ROUNDS_FLOATS };
  output[index] = (u8)(rounded.bits - ROUNDED_BITS + step[ZERO_POINT]);
}

#define BYTE(word, i) ((word) >> (8 * (i)) & 255)

/* Pairs of bytes are added in halves of a word, which hold 128 pairs. */
#define PAIRS 64

static u32 window_sum(const int *step, const u8 *input) {
  const int *offsets = (const int *)step[OFFSETS];
  u32 sum = 0;
  for (int segment = 0; segment < step[SEGMENTS]; segment++) {
    const u8 *x = input + offsets[segment];
    int left = step[SEGMENT_WORDS];
    while (left > 0) {
      int count = left < PAIRS ? left : PAIRS;
      u32 halves = 0;
      left -= count;
      for (; count > 0; count--, x += 4) {
        u32 word = *(const loose32 *)x;
        halves += (word & 0xff00ff) + (word >> 8 & 0xff00ff);
      }
      sum += (halves & 0xffff) + (halves >> 16);
    }
  }
  return sum;
}

#ifdef __wasm_simd128__
/* Of four channels: the first and the last two, a lane for each two taps. */
struct lanes {
  v128_t low, high;
};

/* Four taps of four channels: products have 16 bits, two of them are added to 32. */
ALWAYS_INLINE void add_products(struct lanes *sums, const u8 *x, v128_t weights) {
  v128_t taps = wasm_v128_load32_splat(x);
  sums->low = wasm_i32x4_add(sums->low, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extmul_low_u8x16(taps, weights)));
  sums->high = wasm_i32x4_add(sums->high, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extmul_high_u8x16(taps, weights)));
}

/* What a window's zero points leave of the biases, and the sums: four channels as bytes or floats. */
ALWAYS_INLINE void store_lanes(const int *step, const int *channel, struct lanes sums, u32 window, int count, u8 *output, int first) {
  v128_t sum = wasm_i32x4_add(wasm_i32x4_shuffle(sums.low, sums.high, 0, 2, 4, 6), wasm_i32x4_shuffle(sums.low, sums.high, 1, 3, 5, 7));
  sum = wasm_i32x4_add(sum, wasm_v128_load(channel));
  sum = wasm_i32x4_sub(sum, wasm_i32x4_mul(wasm_v128_load(channel + 4), wasm_i32x4_splat(window)));
  store(step, channel, 0, wasm_i32x4_extract_lane(sum, 0), output, first);
  if (count > 1) store(step, channel, 1, wasm_i32x4_extract_lane(sum, 1), output, first + 1);
  if (count > 2) store(step, channel, 2, wasm_i32x4_extract_lane(sum, 2), output, first + 2);
  if (count > 3) store(step, channel, 3, wasm_i32x4_extract_lane(sum, 3), output, first + 3);
}

/* Four channels of one pixel, or of two. */
ALWAYS_INLINE void convolve_pixels(const int *step, const u8 *a, const u8 *b, u8 *out_a, u8 *out_b, int two) {
  const int *offsets = (const int *)step[OFFSETS];
  const u8 *weights = (const u8 *)step[WEIGHTS];
  const int *channel = (const int *)step[CHANNELS];
  const int segments = step[SEGMENTS], segment_words = step[SEGMENT_WORDS], channels = step[OUTPUT_CHANNELS];
  const u32 window_a = window_sum(step, a), window_b = two ? window_sum(step, b) : 0;
  for (int first = 0; first < channels; first += 4, channel += 12) {
    struct lanes sums_a = { wasm_i32x4_splat(0), wasm_i32x4_splat(0) }, sums_b = sums_a;
    for (int segment = 0; segment < segments; segment++) {
      const u8 *xa = a + offsets[segment], *xb = b + offsets[segment];
      for (int left = segment_words; left > 0; left--, xa += 4, xb += 4, weights += 16) {
        v128_t w = wasm_v128_load(weights);
        add_products(&sums_a, xa, w);
        if (two) add_products(&sums_b, xb, w);
      }
    }
    store_lanes(step, channel, sums_a, window_a, channels - first, out_a, first);
    if (two) store_lanes(step, channel, sums_b, window_b, channels - first, out_b, first);
  }
}
#else
ALWAYS_INLINE u32 product(u32 x, u32 w) {
  return BYTE(x, 0) * BYTE(w, 0) + BYTE(x, 1) * BYTE(w, 1) + BYTE(x, 2) * BYTE(w, 2) + BYTE(x, 3) * BYTE(w, 3);
}

/* Four channels of one pixel, or of two. */
ALWAYS_INLINE void convolve_pixels(const int *step, const u8 *a, const u8 *b, u8 *out_a, u8 *out_b, int two) {
  const int *offsets = (const int *)step[OFFSETS];
  const u8 *weights = (const u8 *)step[WEIGHTS];
  const int *channel = (const int *)step[CHANNELS];
  const int segments = step[SEGMENTS], segment_words = step[SEGMENT_WORDS], channels = step[OUTPUT_CHANNELS];
  const u32 window_a = window_sum(step, a), window_b = two ? window_sum(step, b) : 0;
  for (int first = 0; first < channels; first += 4, channel += 12) {
    u32 a0 = channel[0] - channel[4] * window_a, b0 = channel[0] - channel[4] * window_b;
    u32 a1 = channel[1] - channel[5] * window_a, b1 = channel[1] - channel[5] * window_b;
    u32 a2 = channel[2] - channel[6] * window_a, b2 = channel[2] - channel[6] * window_b;
    u32 a3 = channel[3] - channel[7] * window_a, b3 = channel[3] - channel[7] * window_b;
    for (int segment = 0; segment < segments; segment++) {
      const u8 *xa = a + offsets[segment], *xb = b + offsets[segment];
      for (int left = segment_words; left > 0; left--, xa += 4, xb += 4, weights += 16) {
        const u32 *w = (const u32 *)weights;
        u32 va = *(const loose32 *)xa;
        u32 vb = two ? *(const loose32 *)xb : 0;
        u32 w0 = w[0];
        a0 += product(va, w0);
        if (two) b0 += product(vb, w0);
        u32 w1 = w[1];
        a1 += product(va, w1);
        if (two) b1 += product(vb, w1);
        u32 w2 = w[2];
        a2 += product(va, w2);
        if (two) b2 += product(vb, w2);
        u32 w3 = w[3];
        a3 += product(va, w3);
        if (two) b3 += product(vb, w3);
      }
    }
    int count = channels - first;
    store(step, channel, 0, a0, out_a, first);
    if (count > 1) store(step, channel, 1, a1, out_a, first + 1);
    if (count > 2) store(step, channel, 2, a2, out_a, first + 2);
    if (count > 3) store(step, channel, 3, a3, out_a, first + 3);
    if (!two) continue;
    store(step, channel, 0, b0, out_b, first);
    if (count > 1) store(step, channel, 1, b1, out_b, first + 1);
    if (count > 2) store(step, channel, 2, b2, out_b, first + 2);
    if (count > 3) store(step, channel, 3, b3, out_b, first + 3);
  }
}
#endif

EXPORT(convolve)(const int *step) {
  u8 *output = (u8 *)step[OUTPUT];
  const int size = step[IS_FLOAT] ? 4 * step[OUTPUT_CHANNELS] : step[OUTPUT_CHANNELS];
  const int pixel_step = step[PIXEL_STEP];
  for (int row = 0; row < step[ROWS]; row++) {
    const u8 *input = (const u8 *)step[INPUT] + row * step[ROW_STEP];
    int left = step[PIXELS];
    for (; left > 1; left -= 2, input += 2 * pixel_step, output += 2 * size)
      convolve_pixels(step, input, input + pixel_step, output, output + size, 1);
    if (left > 0) {
      convolve_pixels(step, input, input, output, output, 0);
      output += size;
    }
  }
}

EXPORT(convolve_depthwise)(const int *step) {
  u8 *output = (u8 *)step[OUTPUT];
  const int channels = step[OUTPUT_CHANNELS], taps = step[SEGMENTS], width = (channels + 3) & ~3;
  const int *offsets = (const int *)step[OFFSETS];
  for (int row = 0; row < step[ROWS]; row++) {
    const u8 *input = (const u8 *)step[INPUT] + row * step[ROW_STEP];
    for (int pixel = 0; pixel < step[PIXELS]; pixel++, input += step[PIXEL_STEP], output += channels) {
      const int *channel = (const int *)step[CHANNELS];
      for (int first = 0; first < channels; first += 4, channel += 12) {
        const u8 *weights = (const u8 *)step[WEIGHTS] + first;
        const u8 *x = input + first;
        int s0 = channel[0], s1 = channel[1], s2 = channel[2], s3 = channel[3];
        const int z0 = channel[4], z1 = channel[5], z2 = channel[6], z3 = channel[7];
        for (int tap = 0; tap < taps; tap++, weights += width) {
          u32 v = *(const loose32 *)(x + offsets[tap]);
          u32 w = *(const u32 *)weights;
          s0 += (int)BYTE(v, 0) * ((int)BYTE(w, 0) - z0);
          s1 += (int)BYTE(v, 1) * ((int)BYTE(w, 1) - z1);
          s2 += (int)BYTE(v, 2) * ((int)BYTE(w, 2) - z2);
          s3 += (int)BYTE(v, 3) * ((int)BYTE(w, 3) - z3);
        }
        int count = channels - first;
        store(step, channel, 0, s0, output, first);
        if (count > 1) store(step, channel, 1, s1, output, first + 1);
        if (count > 2) store(step, channel, 2, s2, output, first + 2);
        if (count > 3) store(step, channel, 3, s3, output, first + 3);
      }
    }
  }
}
