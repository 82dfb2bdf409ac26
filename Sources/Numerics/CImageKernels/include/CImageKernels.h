// Kernels of augmentation: reading planes through flips, quarter turns and affine maps, and linear intensity steps.
//
// Each is compiled for three levels of instructions and chosen at run time. No level fuses a product with a sum, so all give
// the same bits. Nothing here allocates; every position a kernel reads is bounded by the sizes it is given.
#ifndef CIMAGEKERNELS_H
#define CIMAGEKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Levels of instructions, ascending.
enum {
    ik_level_base = 0,  // SSE2, or NEON on arm64
    ik_level_v3 = 1,    // x86-64-v3: AVX2
    ik_level_v4 = 2     // x86-64-v4: AVX-512 F, BW, CD, DQ and VL
};

/// The level in use in this thread.
int ik_level(void);

/// The highest level that this machine can run.
int ik_highest_level(void);

/// Uses another level in this thread from now on, for tests: the highest when it is above, the machine's when negative.
void ik_set_thread_level(int level);

/// `value * scale + shift`, then no lower than `low` and no higher than `high`; infinite where there is no clip.
typedef struct {
    float scale;
    float shift;
    float low;
    float high;
} ik_linear;

/// How a plane lies in memory once flips and quarter turns are taken into account.
///
/// The pixel (row, column) is at `origin + row * row_step + column * column_step`, counted in pixels. One of the two steps is
/// 1 or -1, and every pixel of the view lies in `0..<rows * columns`, which is at most 2^31 - 1.
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t origin;
    int32_t row_step;
    int32_t column_step;
} ik_view;

enum { ik_fill_value = 0, ik_fill_edge = 1, ik_fill_reflect = 2 };

/// From a pixel of the result to a position in the view; result and view have the same size.
///
/// `x = (x0 + row * xy) + column * xx` and likewise `y`, every operation rounded to a double, in this sequence.
typedef struct {
    double xx, xy, x0;
    double yx, yy, y0;
    int32_t fill;
    float fill_value;
    /// Not 0: linear; 0: nearest.
    int32_t linear;
} ik_map;

/// What is read and written together, planes of one slice; a null pointer for a map that is not there.
///
/// Channels lie `image_step` pixels apart, in the source and in the result.
typedef struct {
    const float *image;
    float *image_result;
    size_t channels;
    size_t image_step;
    const uint8_t *labels;
    uint8_t *labels_result;
    const uint32_t *instances;
    uint32_t *instances_result;
    const ik_linear *steps;
    size_t step_count;
} ik_planes;

/// Copies planes through a view.
void ik_copy(const ik_view *view, const ik_planes *planes);

/// Reads planes through a view and an affine map.
///
/// Linear: taps outside have the fill. Nearest, and every label or instance: the pixel at `floor(p + 0.5)`; under
/// `ik_fill_value` everything before the first or behind the last pixel centre is outside, as in scipy.ndimage. Labels and
/// instances are 0 outside. Coordinates are limited to +-(2^19 - 1). Sides of the view: at most 2^18.
void ik_warp(const ik_view *view, const ik_map *map, const ik_planes *planes);

/// Applies linear steps in place.
void ik_apply_linear(float *values, size_t count, const ik_linear *steps, size_t step_count);

#endif
