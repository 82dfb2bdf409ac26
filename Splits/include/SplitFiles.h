#ifndef SAMDATA_SPLIT_FILES_H
#define SAMDATA_SPLIT_FILES_H

#include <stddef.h>

/// One split file compiled into the binary.
typedef struct {
    /// The file name without its folder, for example "btcv-24-6.json".
    const char *name;
    /// The bytes of the file, exactly as they lie in the repository; not NUL-terminated.
    const unsigned char *bytes;
    /// How many bytes there are.
    size_t length;
} samdata_split_file;

/// How many split files there are.
size_t samdata_split_file_count(void);

/// The split file at an index, in the order in which they are listed to people; all fields are zero when there is none.
samdata_split_file samdata_split_file_at(size_t index);

#endif
