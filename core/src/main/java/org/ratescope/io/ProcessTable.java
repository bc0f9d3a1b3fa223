package org.ratescope.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The processes of this machine from Linux's {@code /proc}. A process is identified by its number
 * and by its start in ticks since the machine's start, which clock changes do not affect.
 */
final class ProcessTable {
  /** The table of this machine. */
  static final ProcessTable HERE = new ProcessTable(Path.of("/proc"));

  private static final int STATE = 0; // the 3rd field of the file, the first one after the name
  private static final int START = 19; // the 22nd

  private final Path root;

  ProcessTable(Path root) {
    this.root = root;
  }

  /**
   * One process.
   *
   * @param ended whether it has ended and its parent has not yet collected its status
   * @param startTicks when it began, in ticks since the machine's start
   */
  record Entry(boolean ended, long startTicks) {}

  /** Whether the table exists; systems other than Linux have none. */
  boolean exists() {
    return Files.exists(stat("self"));
  }

  /**
   * Whether it shows the processes of all users (the mount option {@code hidepid} prevents this).
   */
  boolean isComplete() {
    return Files.isReadable(stat("1"));
  }

  /**
   * The entry of a process; empty if there is no process with that number.
   *
   * @throws IOException if the entry is unreadable
   */
  Optional<Entry> entry(long pid) throws IOException {
    try {
      return Optional.of(parse(Files.readString(stat(Long.toString(pid)))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path stat(String process) {
    return root.resolve(process).resolve("stat");
  }

  /** The name of a process is in parentheses, and may contain spaces and parentheses. */
  private static Entry parse(String stat) throws IOException {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    try {
      return new Entry("ZXx".contains(fields[STATE]), Long.parseLong(fields[START].strip()));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("not an entry of a process table: " + stat, e);
    }
  }
}
