// What each level offers.
#ifndef CIMAGEKERNELS_TABLE_H
#define CIMAGEKERNELS_TABLE_H

#include "CImageKernels.h"

typedef struct {
    void (*copy)(const ik_view *, const ik_planes *);
    void (*warp)(const ik_view *, const ik_map *, const ik_planes *);
    void (*apply_linear)(float *, size_t, const ik_linear *, size_t);
} ik_table;

extern const ik_table ik_table_base;
#if defined(__x86_64__)
extern const ik_table ik_table_v3;
extern const ik_table ik_table_v4;
#endif

#endif
