#include "decoder.h"

#include "decoder_table.h"
#include "dispatch.h"

static const nk_decoder_table *table(void) {
    return NK_TABLE(nk_decoder);
}

void nk_panel_linear(
    const float *input, size_t rows, size_t input_stride, size_t inputs, const float *panels,
    const float *bias, size_t outputs, int relu, float *output, size_t output_stride) {
    table()->panel_linear(
        input, rows, input_stride, inputs, panels, bias, outputs, relu, output, output_stride);
}

void nk_partial_softmax(
    float *values, size_t rows, size_t width, size_t stride, float *maxima, float *sums) {
    table()->partial_softmax(values, rows, width, stride, maxima, sums);
}

void nk_softmax_groups(
    float *values, size_t groups, size_t members, size_t width, size_t stride,
    const float *offsets) {
    table()->softmax_groups(values, groups, members, width, stride, offsets);
}

void nk_direct_product(
    const float *a, size_t a_row, size_t a_inner, size_t rows, const float *b, size_t b_stride,
    size_t b_panel, size_t columns, size_t inner, float *c, size_t c_stride) {
    table()->direct_product(
        a, a_row, a_inner, rows, b, b_stride, b_panel, columns, inner, c, c_stride);
}

void nk_transposed_panels(
    const float *a, const float *added, size_t rows, size_t width, float *panels) {
    table()->transposed_panels(a, added, rows, width, panels);
}

void nk_residual_norm(
    const float *a, const float *b, const float *bias, const float *weight,
    const float *norm_bias, float epsilon, float *output, size_t rows, size_t width) {
    table()->residual_norm(a, b, bias, weight, norm_bias, epsilon, output, rows, width);
}

void nk_head_scores(
    const float *queries, size_t heads, size_t tokens, size_t depth, const float *keys,
    size_t key_stride, size_t width, float *scores, size_t stride) {
    table()->head_scores(queries, heads, tokens, depth, keys, key_stride, width, scores, stride);
}

void nk_head_values(
    const float *weights, size_t heads, size_t tokens, size_t depth, size_t stride,
    const float *values, size_t value_stride, size_t width, float *output) {
    table()->head_values(
        weights, heads, tokens, depth, stride, values, value_stride, width, output);
}

// One group of pixels, at most 4 vectors of 16 lanes.
size_t nk_upscale_scratch(size_t inputs) {
    return inputs * 64;
}

void nk_upscale_tail(
    const nk_upscaling *layer, const float *features, size_t width, size_t stride,
    const float *masks, size_t mask_count, float *logits, float *scratch) {
    table()->upscale_tail(
        layer, features, width, stride, masks, mask_count, logits, scratch);
}

void nk_combine_rows(
    const float *const rows[4], const float weights[4], size_t width, float *output) {
    table()->combine_rows(rows, weights, width, output);
}

void nk_threshold(
    const float *values, size_t width, const float thresholds[3], unsigned char *mask,
    size_t counts[3]) {
    table()->threshold(values, width, thresholds, mask, counts);
}
