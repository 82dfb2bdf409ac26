#include "convolution.h"

#include "convolution_table.h"
#include "dispatch.h"

static const nk_convolution_table *table(int level) {
    return NK_TABLE_OF(nk_convolution, level);
}

void nk_convolve(
    int level, const nk_convolution_input *input, size_t count, const float *panels,
    size_t columns, const nk_product_output *output) {
    table(level)->convolve(input, count, panels, columns, output);
}

void nk_depthwise(int level, const nk_depthwise_line *line, size_t count, float *output) {
    table(level)->depthwise(line, count, output);
}
