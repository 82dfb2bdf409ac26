#ifndef SAMDATA_DATASET_CARDS_H
#define SAMDATA_DATASET_CARDS_H

#include <stddef.h>

/// One data set card compiled into the binary.
typedef struct {
    /// The file name without its folder, for example "btcv.json".
    const char *name;
    /// The bytes of the file, exactly as they lie in the repository; not NUL-terminated.
    const unsigned char *bytes;
    /// How many bytes there are.
    size_t length;
} samdata_dataset_card;

/// How many cards there are.
size_t samdata_dataset_card_count(void);

/// The card at an index, in the order in which they are listed to people; all fields are zero when there is none.
samdata_dataset_card samdata_dataset_card_at(size_t index);

#endif
