// Names of libhdf5 that Swift cannot import, one static inline function each.
//
// - H5P_*, H5T_* and H5F_ACC_* are comma expressions that call H5open and H5check; H5check aborts the process when header
//   and library differ, so the plain values are used and the versions are compared in Swift, where an error can be thrown.
// - The H5*_g globals import as mutable variables, which Swift 6 refuses, and hold values only after H5open.
// - Some functions have several versions behind one macro (H5Lget_info, H5Literate): the 1.10 forms are asked for.
#ifndef SAMDATA_CHDF5_SHIM_H
#define SAMDATA_CHDF5_SHIM_H

#define H5_USE_110_API 1
#include <hdf5.h>
// The library's own deflate filter is zlib, which libhdf5-dev brings along.
#include <zlib.h>

static inline unsigned samdata_h5_header_major(void) { return H5_VERS_MAJOR; }
static inline unsigned samdata_h5_header_minor(void) { return H5_VERS_MINOR; }

// Property list classes.
static inline hid_t samdata_h5p_file_create(void) { return H5P_CLS_FILE_CREATE_ID_g; }
static inline hid_t samdata_h5p_file_access(void) { return H5P_CLS_FILE_ACCESS_ID_g; }
static inline hid_t samdata_h5p_group_create(void) { return H5P_CLS_GROUP_CREATE_ID_g; }
static inline hid_t samdata_h5p_dataset_create(void) { return H5P_CLS_DATASET_CREATE_ID_g; }
static inline hid_t samdata_h5p_dataset_transfer(void) { return H5P_CLS_DATASET_XFER_ID_g; }
static inline hid_t samdata_h5p_link_access(void) { return H5P_CLS_LINK_ACCESS_ID_g; }

// H5F_ACC_RDONLY and H5F_ACC_TRUNC.
static inline unsigned samdata_h5f_read_only(void) { return 0x0000u; }
static inline unsigned samdata_h5f_truncate(void) { return 0x0002u; }

// Types in memory.
static inline hid_t samdata_h5t_native_int8(void) { return H5T_NATIVE_INT8_g; }
static inline hid_t samdata_h5t_native_uint8(void) { return H5T_NATIVE_UINT8_g; }
static inline hid_t samdata_h5t_native_int16(void) { return H5T_NATIVE_INT16_g; }
static inline hid_t samdata_h5t_native_uint16(void) { return H5T_NATIVE_UINT16_g; }
static inline hid_t samdata_h5t_native_int32(void) { return H5T_NATIVE_INT32_g; }
static inline hid_t samdata_h5t_native_uint32(void) { return H5T_NATIVE_UINT32_g; }
static inline hid_t samdata_h5t_native_int64(void) { return H5T_NATIVE_INT64_g; }
static inline hid_t samdata_h5t_native_uint64(void) { return H5T_NATIVE_UINT64_g; }
static inline hid_t samdata_h5t_native_float32(void) { return H5T_NATIVE_FLOAT_g; }
static inline hid_t samdata_h5t_native_float64(void) { return H5T_NATIVE_DOUBLE_g; }

// Types on disk, little and big endian.
static inline hid_t samdata_h5t_int8(int big) { return big ? H5T_STD_I8BE_g : H5T_STD_I8LE_g; }
static inline hid_t samdata_h5t_uint8(int big) { return big ? H5T_STD_U8BE_g : H5T_STD_U8LE_g; }
static inline hid_t samdata_h5t_int16(int big) { return big ? H5T_STD_I16BE_g : H5T_STD_I16LE_g; }
static inline hid_t samdata_h5t_uint16(int big) { return big ? H5T_STD_U16BE_g : H5T_STD_U16LE_g; }
static inline hid_t samdata_h5t_int32(int big) { return big ? H5T_STD_I32BE_g : H5T_STD_I32LE_g; }
static inline hid_t samdata_h5t_uint32(int big) { return big ? H5T_STD_U32BE_g : H5T_STD_U32LE_g; }
static inline hid_t samdata_h5t_int64(int big) { return big ? H5T_STD_I64BE_g : H5T_STD_I64LE_g; }
static inline hid_t samdata_h5t_uint64(int big) { return big ? H5T_STD_U64BE_g : H5T_STD_U64LE_g; }
static inline hid_t samdata_h5t_float32(int big) { return big ? H5T_IEEE_F32BE_g : H5T_IEEE_F32LE_g; }
static inline hid_t samdata_h5t_float64(int big) { return big ? H5T_IEEE_F64BE_g : H5T_IEEE_F64LE_g; }
static inline hid_t samdata_h5t_string(void) { return H5T_C_S1_g; }

// IEEE 754 half precision has no predefined type before 1.14. The caller closes the copy.
static inline hid_t samdata_h5t_float16_copy(int big) {
    hid_t type = H5Tcopy(samdata_h5t_float32(big));
    if (type < 0) return type;
    if (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_precision(type, 16) < 0 ||
        H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

// A string of variable length in memory. The caller closes the copy.
static inline hid_t samdata_h5t_variable_string_copy(void) {
    hid_t type = H5Tcopy(H5T_C_S1_g);
    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

// The kind of one link (H5L_TYPE_HARD = 0, SOFT = 1, EXTERNAL = 64, others are user-defined), or -1.
static inline int samdata_h5l_type(hid_t group, const char *name, hid_t access) {
    H5L_info_t info;
    return H5Lget_info(group, name, &info, access) < 0 ? -1 : (int)info.type;
}

// Calls `visit` with every link name of a group, in any order: for the order of names the library first builds a table,
// and frees memory it never set when building it fails.
typedef int (*samdata_h5_visit)(const char *name, void *context);
struct samdata_h5_names { samdata_h5_visit visit; void *context; };
static inline herr_t samdata_h5l_name(hid_t group, const char *name, const H5L_info_t *info, void *data) {
    const struct samdata_h5_names *names = (const struct samdata_h5_names *)data;
    (void)group;
    (void)info;
    return names->visit(name, names->context);
}
static inline herr_t samdata_h5l_names(hid_t group, samdata_h5_visit visit, void *context) {
    struct samdata_h5_names names = {visit, context};
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, samdata_h5l_name, &names);
}

// The same for the attributes of an object.
static inline herr_t samdata_h5a_name(hid_t object, const char *name, const H5A_info_t *info, void *data) {
    const struct samdata_h5_names *names = (const struct samdata_h5_names *)data;
    (void)object;
    (void)info;
    return names->visit(name, names->context);
}
static inline herr_t samdata_h5a_names(hid_t object, samdata_h5_visit visit, void *context) {
    struct samdata_h5_names names = {visit, context};
    return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, samdata_h5a_name, &names);
}

// External links are refused whatever they name.
static inline herr_t samdata_h5_refuse(
    const char *parent_file, const char *parent_group, const char *child_file, const char *child_object,
    unsigned *flags, hid_t access, void *data) {
    (void)parent_file; (void)parent_group; (void)child_file; (void)child_object;
    (void)flags; (void)access; (void)data;
    return -1;
}
static inline herr_t samdata_h5p_refuse_external_links(hid_t access) {
    return H5Pset_elink_cb(access, samdata_h5_refuse, NULL);
}

// A number that does not survive the conversion stops the read; `data` receives the kind plus one.
// Without this the library clamps silently.
static inline H5T_conv_ret_t samdata_h5_lossy(
    H5T_conv_except_t kind, hid_t source, hid_t target, void *from, void *to, void *data) {
    (void)source; (void)target; (void)from; (void)to;
    if (kind == H5T_CONV_EXCEPT_PRECISION) return H5T_CONV_UNHANDLED;
    *(int *)data = (int)kind + 1;
    return H5T_CONV_ABORT;
}
static inline herr_t samdata_h5p_refuse_lossy(hid_t transfer, int *kind) {
    return H5Pset_type_conv_cb(transfer, samdata_h5_lossy, kind);
}

// Calls `visit` with the description of every entry of the thread's error stack, innermost first.
static inline herr_t samdata_h5e_entry(unsigned n, const H5E_error2_t *entry, void *data) {
    const struct samdata_h5_names *names = (const struct samdata_h5_names *)data;
    (void)n;
    return names->visit(entry->desc ? entry->desc : "", names->context);
}
static inline herr_t samdata_h5e_descriptions(samdata_h5_visit visit, void *context) {
    struct samdata_h5_names names = {visit, context};
    return H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, samdata_h5e_entry, &names);
}
static inline herr_t samdata_h5e_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
static inline herr_t samdata_h5e_clear(void) { return H5Eclear2(H5E_DEFAULT); }

// Frees what a read of variable-length strings left in `buffer`.
static inline herr_t samdata_h5_reclaim(hid_t type, hid_t space, void *buffer) {
    return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
}

// Inflates a zlib stream that must fill `to` exactly; returns 0 on success.
static inline int samdata_h5_inflate(const void *from, size_t from_size, void *to, size_t to_size) {
    uLongf made = (uLongf)to_size;
    int result = uncompress((Bytef *)to, &made, (const Bytef *)from, (uLong)from_size);
    return result != Z_OK ? result : made == to_size ? 0 : Z_DATA_ERROR;
}

#endif
