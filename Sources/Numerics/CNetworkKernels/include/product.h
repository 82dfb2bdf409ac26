#ifndef CNETWORKKERNELS_PRODUCT_H
#define CNETWORKKERNELS_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

// Products of packed matrices. The layouts belong to a level, which every call names:
//
//   strips   the left factor: `strip` rows at a time; within a strip, for every `lanes` columns, those of row 0, of row 1, ...
//            rows and columns filled up with zeros
//   panels   the right factor, transposed weights: `panel` columns at a time; within a panel, row after row of `panel` values
//            rows filled up to a multiple of `lanes`, columns to one of `panel`, with zeros
//   halves   panels of bfloat16 numbers, half as large: of each pair of vectors of a row, one word holds the number of the first
//            in its lower half and that of the second in its upper half

/// The measures of the layouts at a level.
typedef struct {
    size_t lanes;
    size_t strip;
    size_t panel;
} nk_layout;

nk_layout nk_layout_of_level(int level);

/// Where a product goes and what happens to it.
typedef struct {
    float *values;
    /// Distance of rows, of vectors of `lanes` within a row, and of strips.
    size_t row_stride, vector_stride, strip_stride;
    /// One value per column, filled up to a multiple of `panel`; or NULL.
    const float *bias;
    /// Adds to what is there.
    int accumulates;
    /// Applies GELU last.
    int applies_gelu;
    /// Rounds results to bfloat16 after that, for a next product; nk_convolve does not.
    int rounds;
    /// Whether rows and columns beyond the last are written too, up to whole strips and multiples of `lanes`.
    int is_padded;
} nk_product_output;

/// Packs the rows of a matrix as strips.
void nk_pack_strips(
    int level, const float *input, size_t rows, size_t inner, size_t stride, float *strips);

/// Packs the transpose of a matrix as panels: column j of the factor is row j of the matrix, as weights are stored.
void nk_pack_panels(
    int level, const float *input, size_t columns, size_t inner, size_t stride, float *panels);

/// Normalises rows as nk_layer_norm and writes them as strips.
void nk_layer_norm_strips(
    int level, const float *input, size_t rows, size_t width, const float *weight,
    const float *bias, float epsilon, float *strips);

/// Multiplies strips by panels.
void nk_product(
    int level, const float *strips, size_t rows, size_t inner, const float *panels,
    size_t columns, const nk_product_output *output);

/// Rounds panels to bfloat16 and packs them as halves.
///
/// values: a multiple of `panel`
void nk_narrow_panels(int level, const float *panels, size_t values, uint32_t *halves);

/// Multiplies strips by halves; the same bits as by panels of the rounded numbers.
void nk_product_of_halves(
    int level, const float *strips, size_t rows, size_t inner, const uint32_t *halves,
    size_t columns, const nk_product_output *output);

#endif
