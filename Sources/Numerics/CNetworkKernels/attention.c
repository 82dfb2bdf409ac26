#include "attention.h"

#include "attention_table.h"
#include "dispatch.h"

static const nk_attention_table *table(int level) {
    return NK_TABLE_OF(nk_attention, level);
}

nk_attention_sizes nk_attention_sizes_of(
    int level, const nk_attention_shape *shape, size_t queries) {
    return table(level)->sizes(shape, queries);
}

void nk_attention_pack_table(
    int level, const nk_attention_shape *shape, const float *positions, float *packed) {
    table(level)->pack_table(shape, positions, packed);
}

void nk_attention_pack_keys(
    int level, const nk_attention_shape *shape, const int32_t *tokens, const float *keys,
    const float *values, size_t stride, const float *padding_key, const float *padding_value,
    float *packed_keys, float *packed_values) {
    table(level)->pack_keys(
        shape, tokens, keys, values, stride, padding_key, padding_value, packed_keys,
        packed_values);
}

void nk_attention(
    int level, const nk_attention_shape *shape, const nk_query *list, size_t count,
    const float *queries, size_t stride, const float *packed_keys, const float *packed_values,
    const float *table_h, const float *table_w, float *output, size_t output_inner,
    size_t output_column, float *scratch) {
    table(level)->attend(
        shape, list, count, queries, stride, packed_keys, packed_values, table_h, table_w, output,
        output_inner, output_column, scratch);
}
