/* headers DIR: reads the first 352 bytes of every .nii.gz of a folder: open, one read, inflate that much.
 * Prints how many there were and the sum of all voxel counts. */
#include "common.h"
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

int main(int count, char **words) {
    if (count != 2 || chdir(words[1])) return 66;
    double start = cpu();
    DIR *folder = opendir(".");
    struct dirent *entry;
    long files = 0, voxels = 0;
    z_stream stream = {0};
    inflateInit2(&stream, 31);
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.') continue;
        unsigned char input[4096], output[352];
        int file = open(entry->d_name, O_RDONLY);
        ssize_t size = read(file, input, sizeof input);
        close(file);
        inflateReset(&stream);
        stream.next_in = input;
        stream.avail_in = size;
        stream.next_out = output;
        stream.avail_out = sizeof output;
        inflate(&stream, Z_SYNC_FLUSH);
        if (stream.avail_out) return 65;
        int16_t dim[8];
        memcpy(dim, output + 40, 16);
        files++;
        voxels += (long)dim[1] * dim[2] * dim[3];
    }
    printf("{\"files\": %ld, \"voxels\": %ld, \"work\": %.5f}\n", files, voxels, cpu() - start);
}
