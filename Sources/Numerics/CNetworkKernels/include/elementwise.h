#ifndef CNETWORKKERNELS_ELEMENTWISE_H
#define CNETWORKKERNELS_ELEMENTWISE_H

#include <stddef.h>

/// output = max(input, 0); in place when both are the same.
void nk_relu(const float *input, float *output, size_t count);

/// output = x Phi(x), Phi the normal distribution function; in place when both are the same.
void nk_gelu(const float *input, float *output, size_t count);

/// output = e^x; in place when both are the same.
void nk_exp(const float *input, float *output, size_t count);

/// Rounds to bfloat16, to the nearest and of two equally near to the even one; in place when both are the same.
void nk_round_bfloat16(const float *input, float *output, size_t count);

/// output = a + b; in place when the output is one of them.
void nk_add(const float *a, const float *b, float *output, size_t count);

/// output = scale * input; in place when both are the same.
void nk_scale(const float *input, float *output, size_t count, float scale);

/// Adds one row to every row of a matrix in place.
void nk_add_bias(float *values, size_t rows, size_t width, size_t stride, const float *bias);

/// Copies one row into every row of a matrix.
void nk_fill_rows(float *values, size_t rows, size_t width, size_t stride, const float *row);

/// Normalises every row to mean 0 and variance 1, then multiplies by weight and adds bias; in place when both are the same.
void nk_layer_norm(
    const float *input, float *output, size_t rows, size_t width, const float *weight,
    const float *bias, float epsilon);

/// Replaces every row by its softmax.
void nk_softmax_rows(float *values, size_t rows, size_t width);

/// Writes the transpose of a matrix: output[column * output_stride + row] = input[row * input_stride + column].
void nk_transpose(
    const float *input, size_t rows, size_t columns, size_t input_stride, float *output,
    size_t output_stride);

#endif
