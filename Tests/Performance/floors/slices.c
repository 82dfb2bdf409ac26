/* slices OUT IMAGE.nii.gz LABEL.nii.gz ...   (pairs of int16 image and uint8 label, LAS)
 *
 * The same work as `samdata prepare` without prompts and records, in plain C: inflate, mirror to RAS, drop slices without
 * labels, shuffle + deflate (level 4) slice by slice, direct chunk writes of one HDF5 file per case. */
#include "common.h"
#include <hdf5.h>

int main(int count, char **words) {
    if (count < 4) return 64;
    const int level = 4;
    double start = cpu();
    long slices = 0;
    struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(level);
    for (int n = 2; n + 1 < count; n += 2) {
        size_t size;
        unsigned char *imageFile = inflated(words[n], &size), *labelFile = inflated(words[n + 1], &size);
        int16_t dim[8];
        memcpy(dim, imageFile + 40, 16);
        int nx = dim[1], ny = dim[2], nz = dim[3], kept = 0, *indices = malloc(nz * sizeof *indices);
        size_t plane = (size_t)nx * ny;
        const int16_t *image = (const int16_t *)(imageFile + 352);
        const uint8_t *label = labelFile + 352;
        for (int z = 0; z < nz; z++) {
            uint64_t any = 0;
            for (size_t k = 0; k < plane / 8; k++) {
                uint64_t eight;
                memcpy(&eight, label + plane * z + 8 * k, 8);
                any |= eight;
            }
            if (any) indices[kept++] = z;
        }
        char path[4096];
        snprintf(path, sizeof path, "%s/case%d.h5", words[1], n / 2);
        hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        hsize_t extent[3] = {kept, ny, nx}, chunk[3] = {1, ny, nx};
        hid_t space = H5Screate_simple(3, extent, 0);
        hid_t imageForm = H5Pcreate(H5P_DATASET_CREATE), labelForm = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(imageForm, 3, chunk), H5Pset_shuffle(imageForm), H5Pset_deflate(imageForm, level);
        H5Pset_chunk(labelForm, 3, chunk), H5Pset_deflate(labelForm, level);
        hid_t images = H5Dcreate2(file, "image", H5T_STD_I16LE, space, H5P_DEFAULT, imageForm, H5P_DEFAULT);
        hid_t labels = H5Dcreate2(file, "label", H5T_STD_U8LE, space, H5P_DEFAULT, labelForm, H5P_DEFAULT);
        unsigned char *shuffled = malloc(2 * plane), *mirrored = malloc(plane), *packed = malloc(2 * plane + 4096);
        for (int k = 0; k < kept; k++) {
            const int16_t *source = image + plane * indices[k];
            const uint8_t *labelSource = label + plane * indices[k];
            for (int y = 0; y < ny; y++) {
                const int16_t *row = source + (size_t)y * nx;
                const uint8_t *labelRow = labelSource + (size_t)y * nx;
                unsigned char *low = shuffled + (size_t)y * nx, *high = low + plane, *to = mirrored + (size_t)y * nx;
                for (int x = 0; x < nx; x++) {
                    uint16_t value = row[nx - 1 - x];
                    low[x] = value, high[x] = value >> 8, to[x] = labelRow[nx - 1 - x];
                }
            }
            hsize_t offset[3] = {k, 0, 0};
            size_t used = libdeflate_zlib_compress(deflater, shuffled, 2 * plane, packed, 2 * plane + 4096);
            H5Dwrite_chunk(images, H5P_DEFAULT, 0, offset, used, packed);
            used = libdeflate_zlib_compress(deflater, mirrored, plane, packed, 2 * plane + 4096);
            H5Dwrite_chunk(labels, H5P_DEFAULT, 0, offset, used, packed);
            slices++;
        }
        H5Dclose(images), H5Dclose(labels), H5Pclose(imageForm), H5Pclose(labelForm), H5Sclose(space), H5Fclose(file);
        free(imageFile), free(labelFile), free(indices), free(shuffled), free(mirrored), free(packed);
    }
    printf("{\"slices\": %ld, \"work\": %.5f}\n", slices, cpu() - start);
}
