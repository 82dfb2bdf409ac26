/* encoder WEIGHTS INPUT.npy RUNS RESULT: SAM's ViT-B image encoder at 1024 pixels, over OpenBLAS, on two threads.

   What the work can cost at least with a good matrix product: windows are read in place, padding is never projected, positions
   are added while the maximum is taken, threads divide the work above the products. Only these sizes, no checks. */
#include <cblas.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { G = 64, T = G * G, C = 768, H = 12, D = 64, F = 3072, W = 14, DEPTH = 12, O = 256 };
enum { CHUNK = 512, QB = 128, KEYS = W * W, PAD = 208, THREADS = 2 };

typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));
typedef int ivec __attribute__((vector_size(64), aligned(4), may_alias));
#define V(p) (*(vec *)(p))
static inline vec all(float x) { return x - (vec){0}; }
static inline vec larger(vec a, vec b) {
    ivec m = a > b;
    return (vec)(((ivec)a & m) | ((ivec)b & ~m));
}
static inline float sum(vec v) {
    float s = 0;
    for (int i = 0; i < 16; i++) s += v[i];
    return s;
}
static inline float maximum(vec v) {
    float m = v[0];
    for (int i = 1; i < 16; i++) m = v[i] > m ? v[i] : m;
    return m;
}
/* e^x for x <= 0 */
static inline vec vexp(vec x) {
    x = larger(x, all(-87));
    vec n = x * 1.44269504088896341f + 12582912.0f, whole = n - 12582912.0f;
    vec r = x - whole * 0.693145751953125f - whole * 1.428606820309417232e-6f;
    vec p = all(1.0f / 5040);
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return (vec)((ivec)p + ((ivec)n << 23));
}
/* x Phi(x), through a polynomial near 0 and Abramowitz and Stegun 7.1.26 beyond */
static void gelu(float *x, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        vec v = V(x + i), z = v * 0.70710678f, a = larger(z, -z), s = z * z;
        vec p = s * -5.6846e-4f + 4.9173e-3f;
        p = p * s - 2.67075e-2f;
        p = p * s + 1.128002e-1f;
        p = p * s - 3.7612491e-1f;
        p = p * s + 1.1283791f;
        vec t = 1.0f / (a * 0.3275911f + 1.0f), q = t * 1.061405429f - 1.453152027f;
        q = q * t + 1.421413741f;
        q = q * t - 0.284496736f;
        q = q * t + 0.254829592f;
        vec tail = 1.0f - q * t * vexp(-(a * a));
        ivec below = a < all(0.75f), sign = (ivec)z & (int)0x80000000;
        vec e = (vec)(((ivec)(z * p) & below) | (((ivec)tail | sign) & ~below));
        V(x + i) = v * 0.5f * (e + 1.0f);
    }
}
static void norm(const float *x, float *y, int rows, int c, const float *w, const float *b) {
    for (int r = 0; r < rows; r++, x += c, y += c) {
        vec s = {0}, q = {0};
        for (int i = 0; i < c; i += 16) s += V(x + i);
        float mean = sum(s) / c;
        for (int i = 0; i < c; i += 16) {
            vec d = V(x + i) - mean;
            q += d * d;
        }
        float inverse = 1 / sqrtf(sum(q) / c + 1e-6f);
        for (int i = 0; i < c; i += 16) V(y + i) = (V(x + i) - mean) * inverse * V(w + i) + V(b + i);
    }
}
/* y (+)= x w^T */
static void linear(const float *x, int rows, int k, const float *w, int n, float *y, float beta) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, n, k, 1, x, k, w, k, beta, y, n);
}
static void fill(float *y, int rows, int n, const float *b) {
    for (int r = 0; r < rows; r++) memcpy(y + (size_t)r * n, b, 4 * n);
}
static void shift(float *y, int rows, int n, const float *b) {
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < n; i += 16) V(y + (size_t)r * n + i) += V(b + i);
}

typedef struct {
    const float *n1w, *n1b, *rh, *rw, *qkvw, *qkvb, *pw, *pb, *n2w, *n2b, *l1w, *l1b, *l2w, *l2b;
} block;
static block layers[DEPTH], *now;
static const float *image, *positions, *patch_w, *patch_b, *neck_w, *neck_nw, *neck_nb, *last_nw, *last_nb;
static float *neck_taps, *x, *y, *qkv, *attended, *n1, *n2, *scratch[THREADS];

/* Pieces are taken in turn by the threads. */
static atomic_int next;
static int pieces;
static void (*task)(int, float *);
static void *work(void *memory) {
    for (int i; (i = atomic_fetch_add(&next, 1)) < pieces;) task(i, memory);
    return NULL;
}
static void parallel(int count, void (*body)(int, float *)) {
    pthread_t other[THREADS];
    pieces = count, task = body, next = 0;
    for (int t = 1; t < THREADS; t++) pthread_create(other + t, NULL, work, scratch[t]);
    work(scratch[0]);
    for (int t = 1; t < THREADS; t++) pthread_join(other[t], NULL);
}

static void patches(int piece, float *m) {
    int r0 = piece * CHUNK;
    for (int r = 0; r < CHUNK; r++) {
        int py = (r0 + r) / G, px = (r0 + r) % G;
        for (int line = 0; line < 48; line++)
            memcpy(
                m + (size_t)r * C + line * 16,
                image + ((size_t)(line / 16) * 1024 + py * 16 + line % 16) * 1024 + px * 16, 64);
        for (int i = 0; i < C; i += 16)
            V(x + (size_t)(r0 + r) * C + i) = V(positions + (size_t)(r0 + r) * C + i) + V(patch_b + i);
    }
    linear(m, CHUNK, C, patch_w, C, x + (size_t)r0 * C, 1);
}
static void project(int piece, float *m) {
    size_t r0 = (size_t)piece * CHUNK;
    norm(x + r0 * C, m, CHUNK, C, now->n1w, now->n1b);
    fill(qkv + r0 * 3 * C, CHUNK, 3 * C, now->qkvb);
    linear(m, CHUNK, C, now->qkvw, 3 * C, qkv + r0 * 3 * C, 1);
}
/* a head and QB queries, against the whole grid */
static void everywhere(int unit, float *S) {
    int h = unit / (T / QB), q0 = unit % (T / QB) * QB;
    float *bh = S + (size_t)QB * T, *bw = bh + QB * G, inverse[QB];
    const float *q = qkv + (size_t)q0 * 3 * C + h * D;
    for (int r = 0; r < QB / G; r++)
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, G, G, D, 1, q + (size_t)r * G * 3 * C, 3 * C,
            now->rh + (size_t)(q0 / G + r) * D, D, 0, bh + r * G * G, G);
    for (int c = 0; c < G; c++)
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, QB / G, G, D, 1, q + (size_t)c * 3 * C, G * 3 * C,
            now->rw + (size_t)c * D, D, 0, bw + c * G, G * G);
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, QB, T, D, 0.125f, q, 3 * C, qkv + C + h * D, 3 * C, 0, S, T);
    for (int i = 0; i < QB; i++) {
        float *s = S + (size_t)i * T, w[G];
        for (int j = 0; j < G; j++) w[j] = bw[i * G + G - 1 - j];
        vec m0 = all(-INFINITY), m1 = m0, s0 = {0}, s1 = s0;
        for (int line = 0; line < G; line++) {
            float v = bh[i * G + G - 1 - line];
            for (int j = 0; j < G; j += 32) {
                float *p = s + line * G + j;
                vec a = V(p) + v + V(w + j), b = V(p + 16) + v + V(w + j + 16);
                m0 = larger(m0, a), m1 = larger(m1, b);
                V(p) = a, V(p + 16) = b;
            }
        }
        float m = maximum(larger(m0, m1));
        for (int j = 0; j < T; j += 32) {
            vec a = vexp(V(s + j) - m), b = vexp(V(s + j + 16) - m);
            s0 += a, s1 += b;
            V(s + j) = a, V(s + j + 16) = b;
        }
        inverse[i] = 1 / sum(s0 + s1);
    }
    float *o = attended + (size_t)q0 * C + h * D;
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, QB, D, T, 1, S, T, qkv + 2 * C + h * D, 3 * C, 0, o, C);
    for (int i = 0; i < QB; i++)
        for (int d = 0; d < D; d += 16) V(o + (size_t)i * C + d) *= inverse[i];
}
/* a window and a head; padding has the bias of the projection */
static void windowed(int unit, float *Q) {
    enum { L = 2 * W - 1 };
    int h = unit % H, wy = unit / H / 5 * W, wx = unit / H % 5 * W, n = 0, place[KEYS];
    float *K = Q + KEYS * D, *U = K + PAD * D, *S = U + PAD * D, *R = S + KEYS * PAD, *ph = R + KEYS * D;
    float *pw = ph + KEYS * L, inverse[KEYS];
    for (int j = 0; j < KEYS; j++) {
        int gy = wy + j / W, gx = wx + j % W, inside = gy < G && gx < G;
        const float *s = (inside ? qkv + ((size_t)gy * G + gx) * 3 * C : now->qkvb) + h * D;
        memcpy(K + j * D, s + C, 4 * D);
        memcpy(U + j * D, s + 2 * C, 4 * D);
        if (inside) memcpy(Q + n * D, s, 4 * D), place[n++] = j;
    }
    memset(K + KEYS * D, 0, 4 * (PAD - KEYS) * D);
    memset(U + KEYS * D, 0, 4 * (PAD - KEYS) * D);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, PAD, D, 0.125f, Q, D, K, D, 0, S, PAD);
    linear(Q, n, D, now->rh, L, ph, 0);
    linear(Q, n, D, now->rw, L, pw, 0);
    for (int i = 0; i < n; i++) {
        int row = place[i] / W, column = place[i] % W;
        float *s = S + i * PAD, bias[PAD];
        for (int j = 0; j < W; j++) {
            float v = ph[i * L + row - j + W - 1];
            for (int k = 0; k < W; k++) bias[j * W + k] = v + pw[i * L + column - k + W - 1];
        }
        for (int j = KEYS; j < PAD; j++) bias[j] = -INFINITY;
        vec top = all(-INFINITY), total = {0};
        for (int j = 0; j < PAD; j += 16) top = larger(top, V(s + j) += V(bias + j));
        float m = maximum(top);
        for (int j = 0; j < PAD; j += 16) total += V(s + j) = vexp(V(s + j) - m);
        inverse[i] = 1 / sum(total);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, D, KEYS, 1, S, PAD, U, D, 0, R, D);
    for (int i = 0; i < n; i++) {
        float *o = attended + ((size_t)(wy + place[i] / W) * G + wx + place[i] % W) * C + h * D;
        for (int d = 0; d < D; d += 16) V(o + d) = V(R + i * D + d) * inverse[i];
    }
}
static void finish(int piece, float *m) {
    size_t r0 = (size_t)piece * CHUNK;
    float *r = x + r0 * C, *normal = y + r0 * C;
    shift(r, CHUNK, C, now->pb);
    linear(attended + r0 * C, CHUNK, C, now->pw, C, r, 1);
    norm(r, normal, CHUNK, C, now->n2w, now->n2b);
    fill(m, CHUNK, F, now->l1b);
    linear(normal, CHUNK, C, now->l1w, F, m, 1);
    gelu(m, (size_t)CHUNK * F);
    shift(r, CHUNK, C, now->l2b);
    linear(m, CHUNK, F, now->l2w, C, r, 1);
}
static void neck1(int piece, float *m) {
    size_t r0 = (size_t)piece * CHUNK;
    linear(x + r0 * C, CHUNK, C, neck_w, O, m, 0);
    norm(m, n1 + r0 * O, CHUNK, O, neck_nw, neck_nb);
}
static void neck2(int piece, float *m) {
    int r0 = piece * CHUNK;
    for (int r = 0; r < CHUNK; r++)
        for (int k = 0; k < 9; k++) {
            int sy = (r0 + r) / G + k / 3 - 1, sx = (r0 + r) % G + k % 3 - 1;
            float *d = m + ((size_t)r * 9 + k) * O;
            if (sy < 0 || sx < 0 || sy >= G || sx >= G)
                memset(d, 0, 4 * O);
            else
                memcpy(d, n1 + ((size_t)sy * G + sx) * O, 4 * O);
        }
    float *o = n2 + (size_t)r0 * O;
    linear(m, CHUNK, 9 * O, neck_taps, O, o, 0);
    norm(o, o, CHUNK, O, last_nw, last_nb);
}
static void encode(void) {
    parallel(T / CHUNK, patches);
    for (int l = 0; l < DEPTH; l++) {
        now = layers + l;
        parallel(T / CHUNK, project);
        l % 3 == 2 ? parallel(H * (T / QB), everywhere) : parallel(25 * H, windowed);
        parallel(T / CHUNK, finish);
    }
    parallel(T / CHUNK, neck1);
    parallel(T / CHUNK, neck2);
}

static float *memory(size_t count) { return aligned_alloc(1 << 21, ((count * 4) | ((1 << 21) - 1)) + 1); }
static float *read_all(const char *path, size_t count) {
    float *values = memory(count);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, -4 * (long)count, SEEK_END) || fread(values, 4, count, file) != count) exit(66);
    fclose(file);
    return values;
}
static const float *take(const float **from, size_t count) { return (*from += count) - count; }
static double time_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}
static int ascending(const void *a, const void *b) {
    return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}

int main(int count, char **words) {
    if (count < 5) return 64;
    openblas_set_num_threads(1);
    const float *w = read_all(words[1], 89670912);
    image = read_all(words[2], 3 << 20);
    positions = take(&w, T * C), patch_w = take(&w, C * C), patch_b = take(&w, C);
    for (int l = 0; l < DEPTH; l++) {
        block *b = layers + l;
        int rows = l % 3 == 2 ? 2 * G - 1 : 2 * W - 1;
        b->n1w = take(&w, C), b->n1b = take(&w, C), b->rh = take(&w, rows * D), b->rw = take(&w, rows * D);
        b->qkvw = take(&w, 3 * C * C), b->qkvb = take(&w, 3 * C), b->pw = take(&w, C * C), b->pb = take(&w, C);
        b->n2w = take(&w, C), b->n2b = take(&w, C), b->l1w = take(&w, F * C), b->l1b = take(&w, F);
        b->l2w = take(&w, C * F), b->l2b = take(&w, C);
    }
    neck_w = take(&w, O * C), neck_nw = take(&w, O), neck_nb = take(&w, O);
    const float *taps = take(&w, O * O * 9);
    last_nw = take(&w, O), last_nb = take(&w, O);
    neck_taps = memory(O * O * 9);
    for (int o = 0; o < O; o++)
        for (int i = 0; i < O; i++)
            for (int k = 0; k < 9; k++) neck_taps[(o * 9 + k) * O + i] = taps[(o * O + i) * 9 + k];
    x = memory(T * C), y = memory(T * C), qkv = memory(T * 3 * C), attended = memory(T * C);
    n1 = memory(T * O), n2 = memory(T * O);
    for (int t = 0; t < THREADS; t++) scratch[t] = memory(CHUNK * F);
    encode();
    int runs = atoi(words[3]);
    double seconds[99], processor[99];
    for (int run = 0; run < runs; run++) {
        double start = time_of(CLOCK_MONOTONIC), before = time_of(CLOCK_PROCESS_CPUTIME_ID);
        encode();
        seconds[run] = time_of(CLOCK_MONOTONIC) - start;
        processor[run] = time_of(CLOCK_PROCESS_CPUTIME_ID) - before;
    }
    FILE *file = fopen(words[4], "wb");
    for (int c = 0; c < O; c++)
        for (int i = 0; i < T; i++) fwrite(n2 + (size_t)i * O + c, 4, 1, file);
    if (!file || fclose(file)) return 73;
    qsort(seconds, runs, sizeof(double), ascending);
    qsort(processor, runs, sizeof(double), ascending);
    printf("{\"seconds\": %.5f, \"cpu\": %.5f}\n", seconds[runs / 2], processor[runs / 2]);
}
