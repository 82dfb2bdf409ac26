/* distances [--voxels] REFERENCE PREDICTION nx ny nz sx sy sz    Dice, HD, HD95 by four rules, ASSD and NSD at 2 mm per label
 * distances --slices REFERENCE PREDICTION nx ny nz sx sy PART    Dice and HD95 of every label of nz pictures; sums, also
 *                                                                of the first PART pictures
 *
 * One pass counts all pairs of labels, one marks the borders of all labels, then every border voxel looks for the nearest
 * one of the other mask: borders are rows of bits, rows are visited by their distance. One thread. Maps are uint8, .npy or
 * .nii.gz. `work` is CPU seconds after loading, `cpu` with loading. --voxels adds HD95 measured in voxels, which needs the
 * distances once more. Exact, but unlike samdata it has no bound on the work of far masks. */
#define _GNU_SOURCE
#include "common.h"
#include <math.h>
#ifdef __AVX512BW__
#include <immintrin.h>
#endif

enum { labels = 64 };
typedef struct { short z, y, x; } place;
typedef struct { place *at; int count, room; } list;
typedef struct { float least; short z, y; } step;

static int nx, ny, nz, flat;
static double sx, sy, sz, reach;
static uint64_t pairs[labels][labels];
static list border[2][labels];
static step *steps;
static int stepCount;

/* A .npy file behind its header. */
static FILE *array(const char *path) {
    FILE *file = fopen(path, "rb");
    unsigned char start[10];
    if (!file || fread(start, 1, 10, file) != 10) exit(66);
    fseek(file, 10 + start[8] + 256 * start[9], SEEK_SET);
    return file;
}

static void next(FILE *file, uint8_t *values, size_t count) {
    if (fread(values, 1, count, file) != count) exit(74);
}

static uint8_t *map(const char *path, size_t count) {
    size_t size, header = 352;
    if (strstr(path, ".nii.gz")) return inflated(path, &size) + header;
    FILE *file = array(path);
    uint8_t *values = malloc(count + 64);
    next(file, values, count);
    fclose(file);
    return values;
}

/* The bits of up to 64 bytes that differ. */
static inline uint64_t unlike(const uint8_t *a, const uint8_t *b, uint64_t within) {
#ifdef __AVX512BW__
    return _mm512_mask_cmpneq_epi8_mask(within, _mm512_maskz_loadu_epi8(within, a), _mm512_maskz_loadu_epi8(within, b));
#else
    uint64_t found = 0;
    for (int n = 0; n < 64; n++)
        if (within >> n & 1) found |= (uint64_t)(a[n] != b[n]) << n;
    return found;
#endif
}

static void count_pairs(const uint8_t *a, const uint8_t *b, size_t count) {
    static const uint8_t zero[64];
    static uint32_t table[4][labels * labels];
    uint64_t nothing = 0;
    memset(table, 0, sizeof table);
    for (size_t n = 0; n < count; n += 64) {
        uint64_t within = count - n < 64 ? (1ull << (count - n)) - 1 : ~0ull;
        uint64_t seen = unlike(a + n, zero, within) | unlike(b + n, zero, within);
        nothing += __builtin_popcountll(within & ~seen);
        if (!seen) continue;
        if (within == ~0ull && !unlike(a + n, a + n + 1, within >> 1) && !unlike(b + n, b + n + 1, within >> 1)) {
            table[0][a[n] * labels + b[n]] += 64;
            continue;
        }
        for (int k = 0; seen; seen &= seen - 1, k++) {
            int at = __builtin_ctzll(seen);
            table[k & 3][a[n + at] * labels + b[n + at]]++;
        }
    }
    for (int n = 0; n < labels * labels; n++)
        pairs[n / labels][n % labels] = (uint64_t)table[0][n] + table[1][n] + table[2][n] + table[3][n];
    pairs[0][0] += nothing;
}

static void push(list *l, int z, int y, int x) {
    if (l->count == l->room) l->at = realloc(l->at, sizeof(place) * (l->room = l->room ? 2 * l->room : 1024));
    l->at[l->count++] = (place){z, y, x};
}

/* Voxels with a face neighbour of another label, or at the edge of the image. */
static void mark(const uint8_t *map, int side) {
    static const uint8_t zero[64];
    size_t line = nx, plane = (size_t)nx * ny;
    for (int z = 0; z < nz; z++)
        for (int y = 0; y < ny; y++) {
            const uint8_t *row = map + z * plane + y * line;
            int edge = y == 0 || y == ny - 1 || (!flat && (z == 0 || z == nz - 1));
            for (int x = 0; x < nx; x += 64) {
                int width = nx - x < 64 ? nx - x : 64;
                uint64_t within = width == 64 ? ~0ull : (1ull << width) - 1;
                uint64_t mask = unlike(row + x, zero, within), found = mask;
                if (!mask) continue;
                if (!edge) {
                    uint64_t left = x == 0 ? 1 : 0, right = x + width == nx ? 1ull << (width - 1) : 0;
                    found = left | right | unlike(row + x, row + x - line, within) | unlike(row + x, row + x + line, within);
                    found |= unlike(row + x, row + x - 1, within & ~left) | unlike(row + x, row + x + 1, within & ~right);
                    if (!flat) found |= unlike(row + x, row + x - plane, within) | unlike(row + x, row + x + plane, within);
                }
                for (found &= mask; found; found &= found - 1) {
                    int at = x + __builtin_ctzll(found);
                    push(&border[side][row[at]], z, y, at);
                }
            }
        }
}

/* The rows within `reach` by their distance, in classes of a sixteenth of a millimetre: `least` is the lower end. */
static void order_steps(void) {
    enum { classes = 1 << 12 };
    static int starts[classes + 1];
    reach = 16 * (flat || sy > sz ? sy : sz);
    int height = flat ? 0 : reach / sz, width = reach / sy, *class = malloc(sizeof(int) * (height + 1) * (width + 1));
    memset(starts, 0, sizeof starts);
    for (int z = 0; z <= height; z++)
        for (int y = 0; y <= width; y++) {
            double distance = sqrt(z * z * sz * sz + y * y * sy * sy);
            int c = class[z * (width + 1) + y] = distance > reach ? -1 : (int)(16 * distance);
            if (c >= 0) starts[c + 1] += (z ? 2 : 1) * (y ? 2 : 1);
        }
    for (int c = 0; c < classes; c++) starts[c + 1] += starts[c];
    free(steps);
    stepCount = starts[classes];
    steps = malloc(sizeof(step) * stepCount);
    for (int z = 0; z <= height; z++)
        for (int y = 0; y <= width; y++) {
            int c = class[z * (width + 1) + y];
            for (int sign = 0; sign < 4 && c >= 0; sign++) {
                if ((sign & 1 && !z) || (sign & 2 && !y)) continue;
                steps[starts[c]++] = (step){c / 16.0f * (c / 16.0f), sign & 1 ? -z : z, sign & 2 ? -y : y};
            }
        }
    free(class);
}

/* How far the nearest set bit of a row lies from x. */
static inline int along(const uint64_t *row, int words, int x) {
    int word = x >> 6, bit = x & 63, best = 1 << 20;
    uint64_t up = row[word] >> bit, down = row[word] << (63 - bit);
    if (up) {
        best = __builtin_ctzll(up);
        if (!best) return 0;
    } else {
        for (int n = word + 1; n < words; n++)
            if (row[n]) { best = n * 64 + __builtin_ctzll(row[n]) - x; break; }
    }
    if (down) {
        int d = __builtin_clzll(down);
        return d < best ? d : best;
    }
    for (int n = word - 1; n >= 0 && x - (n * 64 + 63) < best; n--)
        if (row[n]) {
            int d = x - (n * 64 + 63 - __builtin_clzll(row[n]));
            return d < best ? d : best;
        }
    return best;
}

static void nearest(const list *from, const list *to, float *out) {
    int low[3] = {1 << 30, 1 << 30, 1 << 30}, high[3] = {-1, -1, -1};
    for (int n = 0; n < to->count; n++) {
        int c[3] = {to->at[n].z, to->at[n].y, to->at[n].x};
        for (int k = 0; k < 3; k++) {
            if (c[k] < low[k]) low[k] = c[k];
            if (c[k] > high[k]) high[k] = c[k];
        }
    }
    for (int n = 0; n < from->count; n++) { /* a query must lie inside the row */
        if (from->at[n].x < low[2]) low[2] = from->at[n].x;
        if (from->at[n].x > high[2]) high[2] = from->at[n].x;
    }
    int depth = high[0] - low[0] + 1, height = high[1] - low[1] + 1, words = (high[2] - low[2] + 64) / 64;
    uint64_t *bits = calloc((size_t)depth * height * words, 8);
    uint8_t *any = calloc((size_t)depth * height, 1);
    for (int n = 0; n < to->count; n++) {
        size_t row = (size_t)(to->at[n].z - low[0]) * height + to->at[n].y - low[1];
        int x = to->at[n].x - low[2];
        bits[row * words + (x >> 6)] |= 1ull << (x & 63);
        any[row] = 1;
    }
    for (int n = 0; n < from->count; n++) {
        int z = from->at[n].z - low[0], y = from->at[n].y - low[1], x = from->at[n].x - low[2];
        double best = 1e30;
#define visit(rz, ry)                                                              \
    do {                                                                           \
        size_t row = (size_t)(rz)*height + (ry);                                   \
        double dz = sz * ((rz)-z), dy = sy * ((ry)-y), square = dz * dz + dy * dy; \
        if (!any[row] || square >= best) break;                                    \
        double dx = sx * along(bits + row * words, words, x);                      \
        square += dx * dx;                                                         \
        if (square < best) best = square;                                          \
    } while (0)
        for (int k = 0; k < stepCount && steps[k].least < best; k++) {
            int rz = z + steps[k].z, ry = y + steps[k].y;
            if ((unsigned)rz < (unsigned)depth && (unsigned)ry < (unsigned)height) visit(rz, ry);
        }
        if (best > reach * reach) { /* far: planes outwards, rows outwards */
            int nearZ = z < 0 ? 0 : z >= depth ? depth - 1 : z, nearY = y < 0 ? 0 : y >= height ? height - 1 : y;
            for (int sideZ = -1; sideZ <= 1; sideZ += 2)
                for (int rz = sideZ < 0 ? nearZ : nearZ + 1; rz >= 0 && rz < depth; rz += sideZ) {
                    double dz = sz * (rz - z);
                    if (dz * dz >= best) break;
                    for (int sideY = -1; sideY <= 1; sideY += 2)
                        for (int ry = sideY < 0 ? nearY : nearY + 1; ry >= 0 && ry < height; ry += sideY) {
                            double dy = sy * (ry - y);
                            if (dz * dz + dy * dy >= best) break;
                            visit(rz, ry);
                        }
                }
        }
#undef visit
        out[n] = sqrt(best);
    }
    free(bits);
    free(any);
}

/* The k-th smallest value; smaller ones lie before it afterwards, larger ones behind. */
static float select_value(float *v, int count, int k) {
    for (int low = 0, high = count - 1; low < high;) {
        float pivot = v[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i <= j) {
                float t = v[i];
                v[i++] = v[j], v[j--] = t;
            }
        }
        if (k <= j) high = j;
        else if (k >= i) low = i;
        else break;
    }
    return v[k];
}

static double percentile(float *v, int count, double share) {
    double position = share * (count - 1);
    int k = position;
    float a = select_value(v, count, k);
    if (k + 1 >= count) return a;
    float b = v[k + 1];
    for (int n = k + 2; n < count; n++) b = v[n] < b ? v[n] : b;
    return a + (position - k) * ((double)b - a);
}

/* The first value at which so many values are reached; no interpolation. */
static double reached(float *v, int count, double share) {
    int k = ceil(share * count) - 1;
    while (k > 0 && (double)k / count >= share) k--;
    return select_value(v, count, k < 0 ? 0 : k);
}

typedef struct { double dice, hd, larger, pooled, weighted, mean, assd, nsd; } scores;

static scores score(int label) {
    list *a = &border[0][label], *b = &border[1][label];
    uint64_t reference = 0, prediction = 0;
    for (int k = 0; k < labels; k++) reference += pairs[label][k], prediction += pairs[k][label];
    scores s = {.dice = 2.0 * pairs[label][label] / (reference + prediction)};
    int count = a->count + b->count, near = 0;
    float *d = malloc(4 * count), *both = malloc(4 * count), *e = d + a->count;
    nearest(a, b, d);
    nearest(b, a, e);
    double sum = 0, largest = 0;
    for (int n = 0; n < count; n++) {
        sum += d[n];
        near += d[n] <= 2.0f;
        if (d[n] > largest) largest = d[n];
    }
    memcpy(both, d, 4 * count);
    double p = percentile(d, a->count, 0.95), q = percentile(e, b->count, 0.95);
    double v = reached(d, a->count, 0.95), w = reached(e, b->count, 0.95);
    s.hd = largest, s.larger = p > q ? p : q, s.mean = (p + q) / 2, s.weighted = v > w ? v : w;
    s.pooled = percentile(both, count, 0.95), s.assd = sum / count, s.nsd = (double)near / count;
    free(d);
    free(both);
    return s;
}

static void forget(void) {
    for (int side = 0; side < 2; side++)
        for (int n = 0; n < labels; n++) border[side][n].count = 0;
}

static int both(int label) { return border[0][label].count && border[1][label].count; }

static int volume(const uint8_t *a, const uint8_t *b, int voxels) {
    double start = cpu();
    scores found[labels], inVoxels[labels];
    order_steps();
    count_pairs(a, b, (size_t)nx * ny * nz);
    mark(a, 0);
    mark(b, 1);
    for (int n = 1; n < labels; n++)
        if (both(n)) found[n] = score(n);
    if (voxels) {
        sx = sy = sz = 1;
        order_steps();
        for (int n = 1; n < labels; n++)
            if (both(n)) inVoxels[n] = score(n);
    }
    double end = cpu();
    printf("{\"work\": %.5f, \"cpu\": %.5f, \"labels\": {", end - start, end);
    for (int n = 1, comma = 0; n < labels; n++) {
        if (!both(n)) continue;
        scores s = found[n];
        printf("%s\"%d\": {\"dice\": %.12g, \"hd\": %.9g, \"hd95:max-directed\": %.9g, \"hd95:pooled\": %.9g, ",
               comma++ ? ", " : "", n, s.dice, s.hd, s.larger, s.pooled);
        printf("\"hd95:weighted\": %.9g, \"hd95:mean-directed\": %.9g, \"assd\": %.9g, \"nsd@2mm\": %.12g",
               s.weighted, s.mean, s.assd, s.nsd);
        if (voxels) printf(", \"hd95:pooled-voxels\": %.9g", inVoxels[n].pooled);
        printf("}");
    }
    printf("}}\n");
    return 0;
}

static int pictures(const char *reference, const char *prediction, int part) {
    double start, work = 0, dice = 0, hd95 = 0;
    long measured = 0;
    int count = nz;
    size_t plane = (size_t)nx * ny;
    FILE *first = array(reference), *second = array(prediction);
    uint8_t *a = malloc(plane + 64), *b = malloc(plane + 64);
    flat = 1, nz = 1;
    order_steps();
    printf("{");
    for (int n = 0; n < count; n++) {
        next(first, a, plane);
        next(second, b, plane);
        start = cpu();
        forget();
        count_pairs(a, b, plane);
        mark(a, 0);
        mark(b, 1);
        for (int l = 1; l < labels; l++) {
            if (!both(l)) continue;
            scores s = score(l);
            dice += s.dice, hd95 += s.larger, measured++;
        }
        work += cpu() - start;
        if (n + 1 == part || n + 1 == count)
            printf("\"%s\": {\"pairs\": %ld, \"dice\": %.12g, \"hd95\": %.9g}, ",
                   n + 1 == part ? "part" : "all", measured, dice, hd95);
    }
    printf("\"work\": %.5f}\n", work);
    return 0;
}

int main(int count, char **words) {
    int mode = count > 1 && words[1][0] == '-' ? words[1][2] : 0;
    char **w = words + 1 + (mode != 0);
    if (count - (mode != 0) != 9) return 64;
    nx = atoi(w[2]), ny = atoi(w[3]), nz = atoi(w[4]);
    sx = atof(w[5]), sy = atof(w[6]), sz = atof(w[7]);
    if (mode == 's') return pictures(w[0], w[1], atoi(w[7]));
    size_t voxels = (size_t)nx * ny * nz;
    uint8_t *a = map(w[0], voxels), *b = map(w[1], voxels);
    return volume(a, b, mode == 'v');
}
