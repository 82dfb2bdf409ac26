// Vectors of sixteen lanes, whatever the level: the compiler splits them. Included once by each kernels_<level>.c.
#ifndef CIMAGEKERNELS_VECTOR_H
#define CIMAGEKERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Every level must give the same bits.
#pragma STDC FP_CONTRACT OFF

// All helpers are inlined, so that no vector is ever passed between functions of different levels.
#pragma clang diagnostic ignored "-Wpsabi"
#define IK_INLINE static inline __attribute__((always_inline))
#define IK_LANES 16

typedef float ik_floats __attribute__((ext_vector_type(16)));
typedef int32_t ik_ints __attribute__((ext_vector_type(16)));
typedef uint32_t ik_words __attribute__((ext_vector_type(16)));
typedef double ik_doubles __attribute__((ext_vector_type(16)));
typedef int64_t ik_longs __attribute__((ext_vector_type(16)));
typedef uint8_t ik_bytes __attribute__((ext_vector_type(16)));
// The same in memory, at any address of an element.
typedef double ik_doubles_stored __attribute__((ext_vector_type(16), aligned(8), may_alias));
typedef float ik_floats_stored __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef int32_t ik_ints_stored __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef uint8_t ik_bytes_stored __attribute__((ext_vector_type(16), aligned(1), may_alias));

IK_INLINE ik_floats ik_load(const float *p) { return *(const ik_floats_stored *)p; }
IK_INLINE ik_ints ik_load_ints(const int32_t *p) { return *(const ik_ints_stored *)p; }
IK_INLINE ik_doubles ik_load_doubles(const double *p) { return *(const ik_doubles_stored *)p; }
IK_INLINE void ik_store(float *p, ik_floats v) { *(ik_floats_stored *)p = v; }
IK_INLINE void ik_store_ints(int32_t *p, ik_ints v) { *(ik_ints_stored *)p = v; }
IK_INLINE ik_doubles ik_doubles_of(ik_ints v) { return __builtin_convertvector(v, ik_doubles); }
IK_INLINE ik_ints ik_truncated(ik_doubles v) { return __builtin_convertvector(v, ik_ints); }
IK_INLINE ik_floats ik_floats_of(ik_doubles v) { return __builtin_convertvector(v, ik_floats); }
// A comparison of doubles as a mask of 32-bit lanes.
IK_INLINE ik_ints ik_mask(ik_longs v) { return __builtin_convertvector(v, ik_ints); }
IK_INLINE ik_ints ik_iota(void) {
    return (ik_ints){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

// Before loops of single loads: on most machines a gather instruction is slower than the loads it stands for.
#define IK_SINGLY _Pragma("clang loop vectorize(disable) interleave(disable) unroll_count(8)")

// Every second element of two vectors.
#define IK_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define IK_ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31

// The first `count` lanes, 16 or fewer.
IK_INLINE void ik_store_part(float *p, ik_floats v, size_t count) {
    if (count >= IK_LANES) {
        ik_store(p, v);
    } else {
        float lanes[IK_LANES];
        ik_store(lanes, v);
        memcpy(p, lanes, count * sizeof(float));
    }
}

IK_INLINE void ik_store_ints_part(uint32_t *p, ik_ints v, size_t count) {
    int32_t lanes[IK_LANES];
    ik_store_ints(lanes, v);
    memcpy(p, lanes, (count < IK_LANES ? count : IK_LANES) * sizeof(int32_t));
}

IK_INLINE void ik_store_bytes_part(uint8_t *p, ik_ints v, size_t count) {
    ik_bytes bytes = __builtin_convertvector(v, ik_bytes);
    if (count >= IK_LANES) {
        *(ik_bytes_stored *)p = bytes;
    } else {
        uint8_t lanes[IK_LANES];
        *(ik_bytes_stored *)lanes = bytes;
        memcpy(p, lanes, count);
    }
}

#endif
