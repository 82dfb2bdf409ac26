// Compiles the JSON files beside this one into the binary, byte for byte. A new card needs one line in each of two places here.

#include "DatasetCards.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char btcv[] = {
#embed "btcv.json"
};
static const unsigned char synapse[] = {
#embed "synapse.json"
};
static const unsigned char monuseg[] = {
#embed "monuseg.json"
};
static const unsigned char camelyon16[] = {
#embed "camelyon16.json"
};
static const unsigned char camelyon17[] = {
#embed "camelyon17.json"
};
static const unsigned char sample[] = {
#embed "sample.json"
};
static const unsigned char sample_nuclei[] = {
#embed "sample-nuclei.json"
};
static const unsigned char sample_slide[] = {
#embed "sample-slide.json"
};

static const samdata_dataset_card cards[] = {
    {"btcv.json", btcv, sizeof btcv},
    {"synapse.json", synapse, sizeof synapse},
    {"monuseg.json", monuseg, sizeof monuseg},
    {"camelyon16.json", camelyon16, sizeof camelyon16},
    {"camelyon17.json", camelyon17, sizeof camelyon17},
    {"sample.json", sample, sizeof sample},
    {"sample-nuclei.json", sample_nuclei, sizeof sample_nuclei},
    {"sample-slide.json", sample_slide, sizeof sample_slide},
};

size_t samdata_dataset_card_count(void) { return sizeof cards / sizeof cards[0]; }

samdata_dataset_card samdata_dataset_card_at(size_t index) {
    if (index >= samdata_dataset_card_count()) return (samdata_dataset_card){0};
    return cards[index];
}
