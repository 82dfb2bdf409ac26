/* scores TRUTH.npy SCORE.npy COUNT    exact AUC, average precision and best F1 of probabilities by one radix sort
 *
 * Truths are uint8, scores float32 of at least 0. The bits of a positive float sort like an integer; the truth takes the
 * place of the sign. `work` is CPU seconds after loading. */
#include "common.h"

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

int main(int words, char **word) {
    if (words != 4) return 64;
    size_t count = atol(word[3]);
    uint8_t *truth = array(word[1], count);
    uint32_t *score = array(word[2], 4 * count);
    double start = cpu();
    uint32_t *keys = malloc(4 * count), *other = malloc(4 * count);
    static uint32_t places[3][2048];
    size_t positives = 0;
    for (size_t n = 0; n < count; n++) {
        uint32_t key = score[n] << 1 | truth[n];
        keys[n] = key;
        places[0][key >> 1 & 2047]++, places[1][key >> 12 & 2047]++, places[2][key >> 23]++;
        positives += truth[n];
    }
    for (int pass = 0; pass < 3; pass++) {
        uint32_t sum = 0;
        for (int n = 0; n < 2048; n++) {
            uint32_t here = places[pass][n];
            places[pass][n] = sum, sum += here;
        }
    }
    for (size_t n = 0; n < count; n++) other[places[0][keys[n] >> 1 & 2047]++] = keys[n];
    for (size_t n = 0; n < count; n++) keys[places[1][other[n] >> 12 & 2047]++] = other[n];
    for (size_t n = 0; n < count; n++) other[places[2][keys[n] >> 23]++] = keys[n];
    double area = 0, precision = 0, best = 0, threshold = 0;
    uint64_t hits = 0, alarms = 0;
    for (size_t n = count; n-- > 0;) {
        uint32_t value = other[n] >> 1;
        uint64_t oldHits = hits, oldAlarms = alarms;
        hits += other[n] & 1, alarms += !(other[n] & 1);
        while (n && other[n - 1] >> 1 == value) n--, hits += other[n] & 1, alarms += !(other[n] & 1);
        area += (double)(alarms - oldAlarms) * 0.5 * (double)(hits + oldHits);
        precision += (double)(hits - oldHits) * ((double)hits / (hits + alarms));
        double f1 = 2.0 * hits / (hits + alarms + positives);
        if (f1 >= best) {
            float t;
            memcpy(&t, &value, 4);
            best = f1, threshold = t;
        }
    }
    printf("{\"values\": {\"auc\": %.15g, \"average-precision\": %.15g, \"best-f1\": %.15g, \"threshold\": %.9g}, \"work\": %.5f}\n",
           area / ((double)positives * (count - positives)), precision / positives, best, threshold, cpu() - start);
}
