#ifndef CNETWORKKERNELS_DECODER_H
#define CNETWORKKERNELS_DECODER_H

#include <stddef.h>

/// Outputs of one panel of a packed weight.
enum { nk_panel_width = 32 };

/// output = input weight^T + bias for few rows; relu of it when asked. The weight lies in panels of nk_panel_width outputs:
/// panels[(panel * inputs + i) * nk_panel_width + o], bias padded likewise. A row does not depend on the others.
void nk_panel_linear(
    const float *input, size_t rows, size_t input_stride, size_t inputs, const float *panels,
    const float *bias, size_t outputs, int relu, float *output, size_t output_stride);

/// Replaces every row by e^(value - maximum) and gives maximum and sum of the results.
void nk_partial_softmax(
    float *values, size_t rows, size_t width, size_t stride, float *maxima, float *sums);

/// Softmax over the members of a group, for every column by itself; `offsets` has one summand for every row.
void nk_softmax_groups(
    float *values, size_t groups, size_t members, size_t width, size_t stride,
    const float *offsets);

/// c = a b without copies of the factors: a's values lie at a[row * a_row + k * a_inner], b's rows one after the other with a
/// distance of b_stride. With b_panel, b lies in panels of nk_panel_width columns at that distance.
void nk_direct_product(
    const float *a, size_t a_row, size_t a_inner, size_t rows, const float *b, size_t b_stride,
    size_t b_panel, size_t columns, size_t inner, float *c, size_t c_stride);

/// The transpose of a in panels: panels[(row / w * width + column) * w + row % w], w = nk_panel_width; rows filled up to whole
/// panels with zeros. Adds what lies at the same place of `added`, unless that is NULL.
void nk_transposed_panels(
    const float *a, const float *added, size_t rows, size_t width, float *panels);

/// output = layer norm of a + b + bias. The output may be a.
void nk_residual_norm(
    const float *a, const float *b, const float *bias, const float *weight,
    const float *norm_bias, float epsilon, float *output, size_t rows, size_t width);

/// scores[(h * tokens + t) * stride + r] = sum over d of queries[(h * tokens + t) * depth + d] keys[(h * depth + d) * key_stride + r].
void nk_head_scores(
    const float *queries, size_t heads, size_t tokens, size_t depth, const float *keys,
    size_t key_stride, size_t width, float *scores, size_t stride);

/// output[(h * tokens + t) * depth + d] = sum over r of weights[(h * tokens + t) * stride + r] values[(h * depth + d) * value_stride + r].
void nk_head_values(
    const float *weights, size_t heads, size_t tokens, size_t depth, size_t stride,
    const float *values, size_t value_stride, size_t width, float *output);

/// What nk_upscale_tail needs besides the picture.
typedef struct {
    size_t inputs;             ///< channels before the second convolution
    size_t outputs;            ///< channels after it, a multiple of 4
    const float *first_bias;   ///< inputs values, of the first convolution
    const float *norm_weight;  ///< inputs values
    const float *norm_bias;    ///< inputs values
    float epsilon;             ///< of the norm
    const float *weight;       ///< [4 corners][outputs / 4][inputs][4]
    const float *second_bias;  ///< outputs values
} nk_upscaling;

/// Floats of scratch for nk_upscale_tail.
size_t nk_upscale_scratch(size_t inputs);

/// The rest of the up-scaling of `width` tokens after the product of the first convolution: bias, layer norm over channels, GELU,
/// the second convolution, GELU, and the product with the weights of each mask.
///
/// features[(corner * inputs + channel) * stride + token]: stride a multiple of 64, set up to it. masks[m * outputs + channel].
/// logits[((m * 4 + corner) * 4 + inner corner) * stride + token].
void nk_upscale_tail(
    const nk_upscaling *layer, const float *features, size_t width, size_t stride,
    const float *masks, size_t mask_count, float *logits, float *scratch);

/// output[x] = sum of 4 weights times 4 rows.
void nk_combine_rows(
    const float *const rows[4], const float weights[4], size_t width, float *output);

/// mask[x] = values[x] > thresholds[0]; counts[i] grows by the number of values above thresholds[i].
void nk_threshold(
    const float *values, size_t width, const float thresholds[3], unsigned char *mask,
    size_t counts[3]);

#endif
