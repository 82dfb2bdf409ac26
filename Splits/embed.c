// Compiles the JSON files beside this one into the binary, byte for byte. A new split needs one line in each of two places here.

#include "SplitFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char btcv_24_6[] = {
#embed "btcv-24-6.json"
};
static const unsigned char synapse_18_12[] = {
#embed "synapse-18-12.json"
};
static const unsigned char monuseg_24_6_14[] = {
#embed "monuseg-24-6-14.json"
};
static const unsigned char camelyon16_ep_sam[] = {
#embed "camelyon16-ep-sam.json"
};
static const unsigned char camelyon16_official[] = {
#embed "camelyon16-official.json"
};
static const unsigned char camelyon17_ep_sam[] = {
#embed "camelyon17-ep-sam.json"
};
static const unsigned char camelyon17_official[] = {
#embed "camelyon17-official.json"
};
static const unsigned char sample_4_2[] = {
#embed "sample-4-2.json"
};
static const unsigned char sample_nuclei_4_1_1[] = {
#embed "sample-nuclei-4-1-1.json"
};
static const unsigned char sample_slide_2_1[] = {
#embed "sample-slide-2-1.json"
};

static const samdata_split_file splits[] = {
    {"btcv-24-6.json", btcv_24_6, sizeof btcv_24_6},
    {"synapse-18-12.json", synapse_18_12, sizeof synapse_18_12},
    {"monuseg-24-6-14.json", monuseg_24_6_14, sizeof monuseg_24_6_14},
    {"camelyon16-ep-sam.json", camelyon16_ep_sam, sizeof camelyon16_ep_sam},
    {"camelyon16-official.json", camelyon16_official, sizeof camelyon16_official},
    {"camelyon17-ep-sam.json", camelyon17_ep_sam, sizeof camelyon17_ep_sam},
    {"camelyon17-official.json", camelyon17_official, sizeof camelyon17_official},
    {"sample-4-2.json", sample_4_2, sizeof sample_4_2},
    {"sample-nuclei-4-1-1.json", sample_nuclei_4_1_1, sizeof sample_nuclei_4_1_1},
    {"sample-slide-2-1.json", sample_slide_2_1, sizeof sample_slide_2_1},
};

size_t samdata_split_file_count(void) { return sizeof splits / sizeof splits[0]; }

samdata_split_file samdata_split_file_at(size_t index) {
    if (index >= samdata_split_file_count()) return (samdata_split_file){0};
    return splits[index];
}
