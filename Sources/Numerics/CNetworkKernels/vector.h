// The vector type of a level and what the kernels need of it. Included once by each kernels_<level>.c.
#ifndef CNETWORKKERNELS_VECTOR_H
#define CNETWORKKERNELS_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <string.h>

// All helpers are inlined, so that no vector is ever passed between functions of different levels.
#pragma clang diagnostic ignored "-Wpsabi"
#define NK_INLINE static inline __attribute__((always_inline))

typedef float nk_vector __attribute__((ext_vector_type(NK_LANES)));
typedef int nk_integers __attribute__((ext_vector_type(NK_LANES)));
// The same in memory, at any address of a float.
typedef float nk_stored __attribute__((ext_vector_type(NK_LANES), aligned(4), may_alias));

NK_INLINE nk_vector nk_load(const float *p) { return *(const nk_stored *)p; }
NK_INLINE void nk_store(float *p, nk_vector v) { *(nk_stored *)p = v; }
NK_INLINE nk_vector nk_splat(float x) { return (nk_vector)x; }
// Where one of the two is not a number, the second is taken: one instruction on x86.
NK_INLINE nk_vector nk_max(nk_vector a, nk_vector b) { return a > b ? a : b; }
NK_INLINE nk_vector nk_min(nk_vector a, nk_vector b) { return a < b ? a : b; }
NK_INLINE nk_vector nk_bits_to_float(nk_integers v) { return (nk_vector)v; }

// The nearest number with 8 bits of mantissa, bfloat16; of two equally near the even one. What is not a number stays so.
NK_INLINE nk_vector nk_to_bfloat16(nk_vector v) {
    nk_integers bits = (nk_integers)v;
    nk_integers odd = (bits >> 16) & 1;
    nk_vector rounded = (nk_vector)((bits + 0x7fff + odd) & (int)0xffff0000);
    return v == v ? rounded : v;
}

// The first `count` lanes from memory, the others set to `rest`.
NK_INLINE nk_vector nk_load_part(const float *p, size_t count, float rest) {
    float lanes[NK_LANES];
    for (size_t i = 0; i < NK_LANES; i++) lanes[i] = i < count ? p[i] : rest;
    return nk_load(lanes);
}

NK_INLINE void nk_store_part(float *p, nk_vector v, size_t count) {
    float lanes[NK_LANES];
    nk_store(lanes, v);
    for (size_t i = 0; i < count; i++) p[i] = lanes[i];
}

// Folded in halves: one order for all callers.
NK_INLINE float nk_sum(nk_vector v) {
    float lanes[NK_LANES];
    nk_store(lanes, v);
    for (size_t half = NK_LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++) lanes[i] += lanes[i + half];
    return lanes[0];
}

NK_INLINE float nk_maximum(nk_vector v) {
    float lanes[NK_LANES];
    nk_store(lanes, v);
    for (size_t half = NK_LANES / 2; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++)
            lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
    return lanes[0];
}

// Rounds to an integer by adding 1.5 * 2^23: the low bits of the sum then hold the integer. For |x| below 2^21.
#define NK_ROUNDING 12582912.0f

// e^r on [-ln 2 / 2, ln 2 / 2], relative error 3.1e-9 before rounding (minimax fit).
NK_INLINE nk_vector nk_exp_reduced(nk_vector r) {
    nk_vector p = 0.0013814480043947697f * r + 0.008368780836462975f;
    p = p * r + 0.04166839271783829f;
    p = p * r + 0.1666651964187622f;
    p = p * r + 0.4999999403953552f;
    p = p * r + 1.0f;
    return p * r + 1.0f;
}

// The integer n nearest to x / ln 2, in the low bits of `shifted`, and x - n ln 2 in two steps.
#define NK_EXP_REDUCE(x, shifted, r)                          \
    nk_vector shifted = (x) * 1.44269504088896341f + NK_ROUNDING; \
    nk_vector shifted##_n = shifted - NK_ROUNDING;            \
    nk_vector r = (x) - shifted##_n * 0.693145751953125f;     \
    r = r - shifted##_n * 1.428606820309417232e-6f

// e^x for x <= 0; below -75 it stays at e^-75, which is nothing beside the 1 of a row's maximum. Divided by the sum of thousands
// it is still a normal number: a product takes a hundred times as long over one that is not.
NK_INLINE nk_vector nk_exp_of_nonpositive(nk_vector x) {
    x = nk_max(x, nk_splat(-75.0f));
    NK_EXP_REDUCE(x, shifted, r);
    nk_integers scale = (nk_integers)shifted << 23;
    return nk_bits_to_float((nk_integers)nk_exp_reduced(r) + scale);
}

// e^x for every x: overflow to infinity, gradual underflow, NaN stays.
NK_INLINE nk_vector nk_exp_of_any(nk_vector x) {
    nk_vector limited = nk_min(nk_max(x, nk_splat(-105.0f)), nk_splat(89.5f));
    NK_EXP_REDUCE(limited, shifted, r);
    // 2^n as a product of two powers, so that both are normal numbers.
    nk_integers n = (nk_integers)shifted - (nk_integers)nk_splat(NK_ROUNDING);
    nk_integers half = n >> 1;
    nk_vector first = nk_bits_to_float((half + 127) << 23);
    nk_vector second = nk_bits_to_float((n - half + 127) << 23);
    nk_vector result = nk_exp_reduced(r) * first * second;
    return x == x ? result : x;
}

#endif
