#include "elementwise.h"

#include <string.h>

#include "dispatch.h"
#include "elementwise_table.h"

static const nk_elementwise_table *table(void) {
    return NK_TABLE(nk_elementwise);
}

void nk_relu(const float *input, float *output, size_t count) {
    table()->relu(input, output, count);
}

void nk_gelu(const float *input, float *output, size_t count) {
    table()->gelu(input, output, count);
}

void nk_exp(const float *input, float *output, size_t count) {
    table()->exp(input, output, count);
}

void nk_round_bfloat16(const float *input, float *output, size_t count) {
    table()->round_bfloat16(input, output, count);
}

void nk_add(const float *a, const float *b, float *output, size_t count) {
    table()->add(a, b, output, count);
}

void nk_scale(const float *input, float *output, size_t count, float scale) {
    table()->scale(input, output, count, scale);
}

void nk_add_bias(float *values, size_t rows, size_t width, size_t stride, const float *bias) {
    table()->add_bias(values, rows, width, stride, bias);
}

void nk_fill_rows(float *values, size_t rows, size_t width, size_t stride, const float *row) {
    for (size_t r = 0; r < rows; r++) memcpy(values + r * stride, row, width * sizeof(float));
}

void nk_layer_norm(
    const float *input, float *output, size_t rows, size_t width, const float *weight,
    const float *bias, float epsilon) {
    table()->layer_norm(input, output, rows, width, weight, bias, epsilon);
}

void nk_softmax_rows(float *values, size_t rows, size_t width) {
    table()->softmax_rows(values, rows, width);
}

void nk_transpose(
    const float *input, size_t rows, size_t columns, size_t input_stride, float *output,
    size_t output_stride) {
    table()->transpose(input, rows, columns, input_stride, output, output_stride);
}
