#ifndef SAMDATA_PUBLISHED_RESULTS_H
#define SAMDATA_PUBLISHED_RESULTS_H

#include <stddef.h>

/// The bytes of results.json, exactly as they lie in the repository; not NUL-terminated.
const unsigned char *samdata_published_results_start(void);

/// How many bytes there are.
extern const size_t samdata_published_results_length;

#endif
