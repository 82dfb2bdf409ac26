// Compiles results.json into the binary, byte for byte.

#include "PublishedResults.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char results[] = {
#embed "results.json"
};
const size_t samdata_published_results_length = sizeof results;

const unsigned char *samdata_published_results_start(void) { return results; }
