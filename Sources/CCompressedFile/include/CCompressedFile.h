// A capture file as a stdio stream, decompressed on the way when it is gzip or Zstandard.
//
// Files and pipes work alike: what a file is, its first bytes say, not its name.
#ifndef CCOMPRESSEDFILE_H
#define CCOMPRESSEDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
  compressed_file_plain,
  compressed_file_gzip,
  compressed_file_zstandard,
} compressed_file_format;

typedef struct compressed_file compressed_file;

/// Opens the file at `path` for reading, or standard input when `path` is NULL. NULL with `errno` set
/// when that fails.
compressed_file *compressed_file_open(const char *path);

/// The stream of decompressed bytes. Who reads it closes it (libpcap does with its handle), then calls
/// `compressed_file_free`. ftello() works on it; seeking does when `compressed_file_can_seek`.
FILE *compressed_file_stream(const compressed_file *file);

/// Whether the stream is an ordinary FILE on a regular file, which can be read again.
bool compressed_file_can_seek(const compressed_file *file);

compressed_file_format compressed_file_format_of(const compressed_file *file);

/// Copies the first bytes of the file, as they are stored, and gives how many there are: fewer than
/// `capacity` in a shorter file, and never more than 8.
size_t compressed_file_first_bytes(const compressed_file *file, uint8_t *bytes, size_t capacity);

/// Why the stream cannot be read further, or NULL: this tells damage from the end of the file.
const char *compressed_file_problem(const compressed_file *file);

/// Bytes of the stored file that were used so far. The stream must still be open.
int64_t compressed_file_bytes_consumed(const compressed_file *file);

/// The length of the stored file, or -1 for a pipe.
int64_t compressed_file_byte_count(const compressed_file *file);

/// Frees what the stream needed. The stream must be closed.
void compressed_file_free(compressed_file *file);

#endif
