#include "product.h"

#include "dispatch.h"
#include "product_table.h"

static const nk_product_table *table(int level) {
    return NK_TABLE_OF(nk_product, level);
}

nk_layout nk_layout_of_level(int level) {
    return table(level)->layout;
}

void nk_pack_strips(
    int level, const float *input, size_t rows, size_t inner, size_t stride, float *strips) {
    table(level)->pack_strips(input, rows, inner, stride, strips);
}

void nk_pack_panels(
    int level, const float *input, size_t columns, size_t inner, size_t stride, float *panels) {
    table(level)->pack_panels(input, columns, inner, stride, panels);
}

void nk_layer_norm_strips(
    int level, const float *input, size_t rows, size_t width, const float *weight,
    const float *bias, float epsilon, float *strips) {
    table(level)->layer_norm_strips(input, rows, width, weight, bias, epsilon, strips);
}

void nk_product(
    int level, const float *strips, size_t rows, size_t inner, const float *panels,
    size_t columns, const nk_product_output *output) {
    table(level)->product(strips, rows, inner, panels, columns, output);
}

void nk_narrow_panels(int level, const float *panels, size_t values, uint32_t *halves) {
    table(level)->narrow_panels(panels, values, halves);
}

void nk_product_of_halves(
    int level, const float *strips, size_t rows, size_t inner, const uint32_t *halves,
    size_t columns, const nk_product_output *output) {
    table(level)->product_of_halves(strips, rows, inner, halves, columns, output);
}
