package org.ratescope.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to build files in a folder, for one thread of one process at a time. The lock only
 * saves work: on a file system without locks several processes may build at once, and each renames
 * complete files into place.
 */
public final class FolderLock implements AutoCloseable {
  private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_PROCESS =
      new ConcurrentHashMap<>();

  private final ReentrantLock local;
  private final FileChannel channel;
  private final boolean exclusive;

  private FolderLock(ReentrantLock local, FileChannel channel, boolean exclusive) {
    this.local = local;
    this.channel = channel;
    this.exclusive = exclusive;
  }

  /** Waits for the lock of the folder; runs {@code waiting} first if another process holds it. */
  public static FolderLock take(Path folder, Runnable waiting) throws IOException {
    ReentrantLock local =
        IN_THIS_PROCESS.computeIfAbsent(folder.toRealPath(), p -> new ReentrantLock());
    local.lock();
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new FolderLock(local, channel, locked(channel, waiting));
    } catch (IOException | RuntimeException e) {
      local.unlock();
      throw e;
    }
  }

  private static boolean locked(FileChannel channel, Runnable waiting) {
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        waiting.run();
        lock = channel.lock();
      }
      return lock.isValid();
    } catch (IOException e) {
      return false; // this file system has no locks
    }
  }

  /** Whether no other process can hold the lock at this moment. */
  public boolean exclusive() {
    return exclusive;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close(); // before other threads of this process may request the lock of the file
    } finally {
      local.unlock();
    }
  }
}
