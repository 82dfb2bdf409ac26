// What libnifti says about a file, in a plain struct: the second opinion on our own header reader.
// Voxels are never read through it: it accepts truncated files and may take voxels from a sibling file.
#ifndef SAMDATA_CNIFTI_H
#define SAMDATA_CNIFTI_H

#include <stdint.h>

typedef struct {
    int64_t dim[8];
    double pixdim[8];
    double scl_slope;
    double scl_inter;
    double qform[12]; // three rows of four
    double sform[12];
    int64_t vox_offset;
    int32_t datatype;
    int32_t bytes_per_voxel;
    int32_t qform_code;
    int32_t sform_code;
    int32_t xyz_units;
    int32_t intent_code;
    int32_t nifti_type; // 1 one file, 2 pair (3 is ASCII)
    int32_t is_swapped; // whether the byte order differs from this machine's
    int32_t extension_count;
} samdata_nifti_description;

// Reads the header at `path`, silently. Returns 0 when libnifti refuses the file.
int samdata_nifti_describe(const char *path, samdata_nifti_description *out);

#endif
