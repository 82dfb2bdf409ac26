/* scores TRUTH.npy SCORE.npy COUNT    exact AUC, average precision and best F1 of probabilities by one radix sort
 *
 * Truths are uint8, scores float32 of at least 0. The bits of a positive float sort like an integer; the truth takes the
 * place of the sign. Keys are spread over classes by their upper bits, then each class is sorted within the cache. `work`
 * is CPU seconds after loading. */
#define _GNU_SOURCE
#include "common.h"
#include <sys/mman.h>

enum { upper = 15, lower = 31 - upper, half = lower / 2, classes = 1 << upper, digits = 1 << half };

static void *array(const char *path, size_t bytes) {
    FILE *file = fopen(path, "rb");
    unsigned char start[10];
    if (!file || fread(start, 1, 10, file) != 10) exit(66);
    fseek(file, 10 + start[8] + 256 * start[9], SEEK_SET);
    void *values = malloc(bytes);
    if (fread(values, 1, bytes, file) != bytes) exit(74);
    fclose(file);
    return values;
}

/* Sorts keys by the bits below the class and above the truth: two digits, there and back. */
static void sort(uint32_t *keys, uint32_t *other, size_t count) {
    if (count < 64) {
        for (size_t n = 1; n < count; n++) {
            uint32_t key = keys[n];
            size_t at = n;
            for (; at && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
            keys[at] = key;
        }
        return;
    }
    uint32_t places[2][digits] = {0};
    for (size_t n = 0; n < count; n++) places[0][keys[n] >> 1 & (digits - 1)]++, places[1][keys[n] >> (half + 1) & (digits - 1)]++;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t n = 0, sum = 0; n < digits; n++) {
            uint32_t here = places[pass][n];
            places[pass][n] = sum, sum += here;
        }
    for (size_t n = 0; n < count; n++) other[places[0][keys[n] >> 1 & (digits - 1)]++] = keys[n];
    for (size_t n = 0; n < count; n++) keys[places[1][other[n] >> (half + 1) & (digits - 1)]++] = other[n];
}

int main(int words, char **word) {
    if (words != 4) return 64;
    size_t count = atol(word[3]), positives = 0, largest = 0;
    uint8_t *truth = array(word[1], count);
    uint32_t *score = array(word[2], 4 * count);
    double start = cpu();
    size_t room = (4 * count + (2u << 20)) >> 21 << 21;
    uint32_t *keys = aligned_alloc(2 << 20, room);
    madvise(keys, room, MADV_HUGEPAGE);
    static size_t ends[classes + 1];
    size_t *places = ends + 1;
    for (size_t n = 0; n < count; n++) places[score[n] >> lower]++, positives += truth[n];
    for (int n = 0; n < classes; n++) {
        if (places[n] > largest) largest = places[n];
        places[n] += ends[n];
    }
    /* places[n] is the end of class n: filled from behind */
    for (size_t n = count; n-- > 0;) keys[--places[score[n] >> lower]] = score[n] << 1 | truth[n];
    uint32_t *other = malloc(4 * largest);
    double area = 0, precision = 0, best = 0, threshold = 0;
    uint64_t hits = 0, alarms = 0;
    for (int class = classes; class-- > 0;) {
        size_t first = places[class], end = class + 1 < classes ? places[class + 1] : count;
        sort(keys + first, other, end - first);
        for (size_t n = end; n-- > first;) {
            uint32_t value = keys[n] >> 1;
            uint64_t oldHits = hits, oldAlarms = alarms;
            hits += keys[n] & 1, alarms += !(keys[n] & 1);
            while (n > first && keys[n - 1] >> 1 == value) n--, hits += keys[n] & 1, alarms += !(keys[n] & 1);
            area += (double)(alarms - oldAlarms) * 0.5 * (double)(hits + oldHits);
            if (hits == oldHits) continue; /* F1 only falls */
            precision += (double)(hits - oldHits) * ((double)hits / (hits + alarms));
            double f1 = 2.0 * hits / (hits + alarms + positives);
            if (f1 >= best) {
                float t;
                memcpy(&t, &value, 4);
                best = f1, threshold = t;
            }
        }
    }
    printf("{\"values\": {\"auc\": %.15g, \"average-precision\": %.15g, \"best-f1\": %.15g, \"threshold\": %.9g}, ",
           area / ((double)positives * (count - positives)), precision / positives, best, threshold);
    printf("\"work\": %.5f}\n", cpu() - start);
}
