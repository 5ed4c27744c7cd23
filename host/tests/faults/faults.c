/* Faults for a program that runs with this in LD_PRELOAD.
 *
 * FAULT_CONTROL names a file of 16 bytes that a test writes to while the program runs:
 *   bytes 0-7   int64   seconds that the wall clock is ahead
 *   bytes 8-11  int32   not 0: the disk is full, so writes fail with ENOSPC
 * FAULT_JOURNAL names a file to which every write, truncation, sync and removal is appended, so that a test can make the files again as
 * they would be after a power cut: with what was synced, and no more. One entry:
 *   uint8 kind ('W', 'T', 'S', 'U'), uint32 length of the path, uint64 offset, uint32 length of the data, path, data
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t ahead;
    int32_t full;
    int32_t unused;
};

static struct control none;
static volatile struct control *control = &none;
static int journal = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULT_CONTROL");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd >= 0) {
        void *map = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) control = map;
        close(fd);
    }
    path = getenv("FAULT_JOURNAL");
    if (path) journal = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static void put(const void *bytes, size_t length) {
    const char *from = bytes;
    while (length > 0) {
        long written = syscall(SYS_write, journal, from, length);
        if (written <= 0) abort();
        from += written;
        length -= (size_t)written;
    }
}

/* Whether it is a file of a database. */
static int is_store(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") != NULL && strstr(path, "-shm") == NULL;
}

static void append(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    uint32_t path_length = (uint32_t)strlen(path);
    pthread_mutex_lock(&lock);
    put(&kind, 1);
    put(&path_length, 4);
    put(&offset, 8);
    put(&length, 4);
    put(path, path_length);
    if (length) put(data, length);
    pthread_mutex_unlock(&lock);
}

static void note(char kind, int fd, uint64_t offset, const void *data, uint32_t length) {
    char path[4096];
    if (journal >= 0 && is_store(fd, path, sizeof path)) append(kind, path, offset, data, length);
}

static int is_full(int fd) {
    char path[4096];
    return control->full && is_store(fd, path, sizeof path);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += control->ahead;
    return result;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    if (is_full(fd)) { errno = ENOSPC; return -1; }
    long written = syscall(SYS_pwrite64, fd, data, length, offset);
    if (written > 0) note('W', fd, (uint64_t)offset, data, (uint32_t)written);
    return written;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
    if (is_full(fd)) { errno = ENOSPC; return -1; }
    off_t offset = journal < 0 ? 0 : lseek(fd, 0, SEEK_CUR);
    long written = syscall(SYS_write, fd, data, length);
    if (written > 0 && offset >= 0) note('W', fd, (uint64_t)offset, data, (uint32_t)written);
    return written;
}

int ftruncate64(int fd, off64_t length) {
    int result = (int)syscall(SYS_ftruncate, fd, length);
    if (result == 0) note('T', fd, (uint64_t)length, NULL, 0);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(long call, int fd) {
    int result = (int)syscall(call, fd);
    if (result == 0) note('S', fd, 0, NULL, 0);
    return result;
}

int unlink(const char *path) {
    int result = (int)syscall(SYS_unlink, path);
    if (result == 0 && journal >= 0 && strstr(path, ".db") != NULL) append('U', path, 0, NULL, 0);
    return result;
}

int fsync(int fd) { return synced(SYS_fsync, fd); }

int fdatasync(int fd) { return synced(SYS_fdatasync, fd); }
