/* instances REFERENCE.npy PREDICTION.npy PIXELS PASSES    AJI, DQ, PQ, Dice2 and the adjusted Rand index from one table
 *
 * Maps are int32 with few distinct ids: the table is dense. `work` is the median of the passes in CPU seconds, loading
 * not counted. AJI+ needs an assignment and is left out here. */
#include "common.h"

static int32_t *map(const char *path, size_t count) {
    FILE *file = fopen(path, "rb");
    unsigned char start[10];
    if (!file || fread(start, 1, 10, file) != 10) exit(66);
    fseek(file, 10 + start[8] + 256 * start[9], SEEK_SET);
    int32_t *values = malloc(4 * count);
    if (fread(values, 4, count, file) != count) exit(74);
    fclose(file);
    return values;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return d < 0 ? -1 : d > 0;
}

typedef struct { double aji, dq, pq, dice2, ari; } scores;

static scores score(const int32_t *a, const int32_t *b, size_t count) {
    int rows = 0, columns = 0;
    for (size_t n = 0; n < count; n++) {
        rows = a[n] > rows ? a[n] : rows;
        columns = b[n] > columns ? b[n] : columns;
    }
    rows++, columns++;
    uint32_t *table = calloc((size_t)rows * columns, 4), *r = calloc(rows, 4), *p = calloc(columns, 4);
    for (size_t n = 0; n < count;) {
        size_t end = n + 1;
        while (end < count && a[end] == a[n] && b[end] == b[n]) end++;
        table[(size_t)a[n] * columns + b[n]] += end - n;
        n = end;
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) r[i] += table[(size_t)i * columns + j], p[j] += table[(size_t)i * columns + j];
    char *used = calloc(columns, 1);
    double shared = 0, all = 0, matched = 0, overlaps = 0, areas = 0, joint = 0, first = 0, second = 0;
    int hits = 0, references = 0, predictions = 0;
    for (int i = 0; i < rows; i++) {
        double best = 0;
        int choice = 0;
        first += 0.5 * r[i] * (r[i] - 1.0);
        for (int j = 0; j < columns; j++) {
            double both = table[(size_t)i * columns + j];
            if (both == 0) continue;
            joint += 0.5 * both * (both - 1);
            if (!i || !j) continue;
            double iou = both / (r[i] + p[j] - both);
            overlaps += both, areas += (double)r[i] + p[j];
            if (iou > best) best = iou, choice = j;
            if (iou > 0.5) hits++, matched += iou;
        }
        if (!i || !r[i]) continue;
        references++;
        uint32_t both = choice ? table[(size_t)i * columns + choice] : 0;
        shared += both, all += (double)r[i] + (choice ? p[choice] : 0) - both;
        if (choice) used[choice] = 1;
    }
    for (int j = 0; j < columns; j++) {
        second += 0.5 * p[j] * (p[j] - 1.0);
        if (j && p[j]) {
            predictions++;
            if (!used[j]) all += p[j];
        }
    }
    double expected = first * second / (0.5 * count * (count - 1.0)), halves = 0.5 * (references + predictions);
    scores s = {shared / all, hits / halves, matched / halves, 2 * overlaps / areas,
                (joint - expected) / (0.5 * (first + second) - expected)};
    free(table), free(r), free(p), free(used);
    return s;
}

int main(int count, char **words) {
    if (count != 5) return 64;
    size_t pixels = atol(words[3]);
    int passes = atoi(words[4]);
    int32_t *a = map(words[1], pixels), *b = map(words[2], pixels);
    double *times = malloc(passes * sizeof *times);
    scores s = {0};
    for (int n = 0; n < passes; n++) {
        double start = cpu();
        s = score(a, b, pixels);
        times[n] = cpu() - start;
    }
    qsort(times, passes, sizeof *times, ascending);
    printf("{\"values\": {\"aji\": %.12g, \"dq\": %.12g, \"pq\": %.12g, \"dice2\": %.12g, \"ari-instances\": %.12g}, \"work\": %.6f}\n",
           s.aji, s.dq, s.pq, s.dice2, s.ari, times[passes / 2]);
}
