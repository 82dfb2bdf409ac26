#include "CNIfTI.h"

#include <nifti/nifti2_io.h>
#include <string.h>

int samdata_nifti_describe(const char *path, samdata_nifti_description *out) {
    // The debug level is one per process; at 0 the library prints nothing.
    nifti_set_debug_level(0);
    memset(out, 0, sizeof *out);
    nifti_image *image = nifti_image_read(path, 0);
    if (!image) return 0;
    for (int axis = 0; axis < 8; axis++) {
        out->dim[axis] = image->dim[axis];
        out->pixdim[axis] = image->pixdim[axis];
    }
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 4; column++) {
            out->qform[row * 4 + column] = image->qto_xyz.m[row][column];
            out->sform[row * 4 + column] = image->sto_xyz.m[row][column];
        }
    }
    out->scl_slope = image->scl_slope;
    out->scl_inter = image->scl_inter;
    out->vox_offset = image->iname_offset;
    out->datatype = image->datatype;
    out->bytes_per_voxel = image->nbyper;
    out->qform_code = image->qform_code;
    out->sform_code = image->sform_code;
    out->xyz_units = image->xyz_units;
    out->intent_code = image->intent_code;
    out->nifti_type = image->nifti_type;
    out->is_swapped = image->byteorder != nifti_short_order();
    out->extension_count = image->num_ext;
    nifti_image_free(image);
    return 1;
}
