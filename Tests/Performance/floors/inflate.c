/* inflate FILE.nii.gz ...            inflates each file into one buffer in large pages: the least that loading can cost
 * inflate --copy FILE.nii.gz ...     reports the cost of one copy in memory of the inflated bytes instead
 * inflate --check FILE.nii.gz ...    also min, max and sum of the int16 voxels behind the 352 bytes of header */
#define _GNU_SOURCE
#include "common.h"
#include <sys/mman.h>

static unsigned char *buffer;
static size_t capacity;

/* Like inflated(), but all files share memory. */
static unsigned char *shared(const char *path, size_t *count) {
    static struct libdeflate_decompressor *inflater;
    size_t size;
    unsigned char *input = contents(path, &size);
    uint32_t length;
    memcpy(&length, input + size - 4, 4);
    if (capacity < length) {
        free(buffer);
        capacity = (length + (2u << 20)) >> 21 << 21;
        buffer = aligned_alloc(2 << 20, capacity);
        madvise(buffer, capacity, MADV_HUGEPAGE);
    }
    if (!inflater) inflater = libdeflate_alloc_decompressor();
    if (libdeflate_gzip_decompress(inflater, input, size, buffer, length, count)) exit(65);
    free(input);
    return buffer;
}

int main(int count, char **words) {
    int copies = 0, checks = 0;
    double work = 0, start = cpu();
    for (int n = 1; n < count; n++) {
        if (!strcmp(words[n], "--copy")) { copies = 1; continue; }
        if (!strcmp(words[n], "--check")) { checks = 1; continue; }
        size_t size;
        unsigned char *bytes = shared(words[n], &size);
        if (copies) {
            unsigned char *copy = malloc(size);
            double before = cpu();
            memcpy(copy, bytes, size);
            work += cpu() - before;
            if (copy[size / 2] != bytes[size / 2]) return 70;
            free(copy);
        }
        if (checks) {
            const int16_t *voxels = (const int16_t *)(bytes + 352);
            size_t voxelCount = (size - 352) / 2;
            int low = 32767, high = -32768;
            long sum = 0;
            for (size_t v = 0; v < voxelCount; v++) {
                low = voxels[v] < low ? voxels[v] : low;
                high = voxels[v] > high ? voxels[v] : high;
                sum += voxels[v];
            }
            printf("%d %d %ld\n", low, high, sum);
        }
    }
    printf("{\"work\": %.5f}\n", copies ? work : cpu() - start);
}
