// Whole files: read at once, written beside and renamed so that a reader never
// sees half of one.
#ifndef VSA_BASE_FILE_H_
#define VSA_BASE_FILE_H_

#include <string>

#include "vsa/error.h"

namespace vsa {

// The bytes of a regular file. Throws Error of `kind`: "PATH: …" if it is
// missing, a folder or unreadable.
std::string ReadFile(const std::string& path, ErrorKind kind);

// Makes `path` hold `bytes`, all or not at all: a signal, a full disk or a
// crash leaves the old file. Of a symbolic link the file that it names is
// replaced. A device or pipe is written to. Throws kSetup.
void WriteFile(const std::string& path, const std::string& bytes);

// The same, but that a crash of the machine may leave neither file until
// SyncFileSystem: for many small files.
void WriteFileUnsynced(const std::string& path, const std::string& bytes);

// Returns when all that was written to the file system of `folder` outlasts a
// crash of the machine. Throws kSetup.
void SyncFileSystem(const std::string& folder);

// Makes a folder, and those that it lies in. Throws kSetup.
void MakeFolder(const std::string& path);

// Throws kSetup if WriteFile could not work: no such folder, no permission,
// `path` is a folder.
void CheckWritable(const std::string& path);

// Throws kSetup unless so many more files can be open at a time: else what
// fails is told of a video that is as it should be, or passed over.
void CheckRoomForFiles(int count);

// Whether something is there that is no regular file and no folder: a device, a
// pipe, a socket.
bool IsDevice(const std::string& path);

// True if both exist and are the same file, by whatever names.
bool SameFile(const std::string& a, const std::string& b);

}  // namespace vsa

#endif  // VSA_BASE_FILE_H_
