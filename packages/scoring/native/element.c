#include "element.h"

#include "dense.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE TARGET static inline __attribute__((always_inline))

#define LANES 8
typedef __m256 floats;
typedef __m256d doubles;

#define ALL(x) _mm256_set1_ps(x)
#define WIDE(x) _mm256_set1_pd(x)
#define COMPARE(x, y, how) _mm256_cmp_ps(x, y, _CMP_##how)
#define TRUTH(mask) _mm256_and_ps(mask, ALL(1))
#define IS_TRUE(x) COMPARE(x, _mm256_setzero_ps(), NEQ_UQ)
/** What x and y are together where one is NaN: NaN. */
#define UNLESS_NAN(value, x, y) _mm256_blendv_ps(value, _mm256_add_ps(x, y), COMPARE(x, y, UNORD_Q))

/** Zeros compare equal, and -0 is the smaller one. */
INLINE floats smaller(floats x, floats y) {
  return UNLESS_NAN(_mm256_or_ps(_mm256_min_ps(x, y), _mm256_min_ps(y, x)), x, y);
}

INLINE floats larger(floats x, floats y) {
  return UNLESS_NAN(_mm256_and_ps(_mm256_max_ps(x, y), _mm256_max_ps(y, x)), x, y);
}

/** Beyond these a float is infinite or 0, and powers of two still are doubles. */
#define LEAST -200
#define MOST 200

/** e^x = 2^n · e^r with n whole and |r| ≤ ln 2 / 2: there ten terms of the series differ by less than 10^-11. */
INLINE doubles exponential(doubles x) {
  // Adding it to a double rounds that to an integer, which its last digits then are.
  const doubles rounder = WIDE(0x1.8p52);
  static const double terms[] = {1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                 1.0 / 24,     1.0 / 6,     1.0 / 2,    1,         1};
  // NaN stays: the second operand is the answer to a comparison with it.
  x = _mm256_max_pd(WIDE(LEAST), _mm256_min_pd(WIDE(MOST), x));
  doubles shifted = _mm256_fmadd_pd(x, WIDE(M_LOG2E), rounder);
  doubles rest = _mm256_fmadd_pd(_mm256_sub_pd(shifted, rounder), WIDE(-M_LN2), x);
  doubles sum = WIDE(terms[0]);
  for (int i = 1; i < 10; i++) sum = _mm256_fmadd_pd(sum, rest, WIDE(terms[i]));
  __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
  __m256i power = _mm256_add_epi64(exponent, _mm256_castpd_si256(WIDE(1)));
  return _mm256_mul_pd(sum, _mm256_castsi256_pd(power));
}

INLINE doubles sigmoid(doubles x) {
  doubles value = exponential(_mm256_xor_pd(x, WIDE(-0.0)));
  return _mm256_div_pd(WIDE(1), _mm256_add_pd(WIDE(1), value));
}

INLINE doubles hyperbolic_tangent(doubles x) {
  doubles value = exponential(_mm256_add_pd(x, x));
  doubles ratio = _mm256_div_pd(_mm256_sub_pd(value, WIDE(1)), _mm256_add_pd(value, WIDE(1)));
  // Near 0 the difference would have few digits, and the series has few terms.
  doubles square = _mm256_mul_pd(x, x), size = _mm256_andnot_pd(WIDE(-0.0), x);
  doubles series = _mm256_fmadd_pd(_mm256_fmadd_pd(WIDE(2.0 / 15), square, WIDE(-1.0 / 3)), square, WIDE(1));
  return _mm256_blendv_pd(ratio, _mm256_mul_pd(x, series), _mm256_cmp_pd(size, WIDE(0.02), _CMP_LT_OQ));
}

/** What a function of doubles makes of floats. */
#define IN_DOUBLES(function, x) \
  _mm256_set_m128(_mm256_cvtpd_ps(function(_mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)))), \
                  _mm256_cvtpd_ps(function(_mm256_cvtps_pd(_mm256_castps256_ps128(x)))))

#define ELEMENT(name, result) \
  TARGET static void name(const float *a, const float *b, const float *c, float *out) { \
    (void)b, (void)c; \
    for (int row = 0; row < BLOCK_ROWS; row += LANES) _mm256_storeu_ps(out + row, result); \
  }
#define X _mm256_loadu_ps(a + row)
#define Y _mm256_loadu_ps(b + row)
#define Z _mm256_loadu_ps(c + row)

ELEMENT(take_abs, _mm256_andnot_ps(ALL(-0.0f), X))
ELEMENT(add, _mm256_add_ps(X, Y))
ELEMENT(both, TRUTH(_mm256_and_ps(IS_TRUE(X), IS_TRUE(Y))))
ELEMENT(round_up, _mm256_ceil_ps(X))
ELEMENT(divide, _mm256_div_ps(X, Y))
ELEMENT(is_equal, TRUTH(COMPARE(X, Y, EQ_OQ)))
ELEMENT(take_exp, IN_DOUBLES(exponential, X))
ELEMENT(round_down, _mm256_floor_ps(X))
ELEMENT(is_greater, TRUTH(COMPARE(X, Y, GT_OQ)))
ELEMENT(is_greater_or_equal, TRUTH(COMPARE(X, Y, GE_OQ)))
ELEMENT(is_nan, TRUTH(COMPARE(X, X, UNORD_Q)))
ELEMENT(is_less, TRUTH(COMPARE(X, Y, LT_OQ)))
ELEMENT(is_less_or_equal, TRUTH(COMPARE(X, Y, LE_OQ)))
ELEMENT(take_larger, larger(X, Y))
ELEMENT(take_smaller, smaller(X, Y))
ELEMENT(multiply, _mm256_mul_ps(X, Y))
ELEMENT(negate, _mm256_xor_ps(X, ALL(-0.0f)))
ELEMENT(is_zero, TRUTH(COMPARE(X, _mm256_setzero_ps(), EQ_OQ)))
ELEMENT(either, TRUTH(_mm256_or_ps(IS_TRUE(X), IS_TRUE(Y))))
ELEMENT(take_positive, larger(X, _mm256_setzero_ps()))
ELEMENT(choose, _mm256_blendv_ps(Z, Y, IS_TRUE(X)))
ELEMENT(take_sigmoid, IN_DOUBLES(sigmoid, X))
ELEMENT(take_root, _mm256_sqrt_ps(X))
ELEMENT(subtract, _mm256_sub_ps(X, Y))
ELEMENT(take_tanh, IN_DOUBLES(hyperbolic_tangent, X))

element_kernel *const element_kernels[] = {
    take_abs,    add,          both,       round_up,
    divide,      is_equal,     take_exp,   round_down,
    is_greater,  is_greater_or_equal,      is_nan,
    is_less,     is_less_or_equal,         take_larger,
    take_smaller, multiply,    negate,     is_zero,
    either,      take_positive, choose,    take_sigmoid,
    take_root,   subtract,     take_tanh,
};

#endif
