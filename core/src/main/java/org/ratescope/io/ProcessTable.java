package org.ratescope.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The processes of this machine as Linux shows them under {@code /proc}. A process is known by its
 * number and by its start in ticks since the machine's start, which no change of the clock moves.
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
   * @param ended whether it has ended, and its parent has not asked after it yet
   * @param startTicks when it began, in ticks since the machine's start
   */
  record Entry(boolean ended, long startTicks) {}

  /** Whether there is such a table; other systems than Linux have none. */
  boolean exists() {
    return Files.exists(stat("self"));
  }

  /** Whether it shows the processes of all users: it need not (mount option {@code hidepid}). */
  boolean isComplete() {
    return Files.isReadable(stat("1"));
  }

  /**
   * What the table says of a process; nothing where it has none of that number.
   *
   * @throws IOException if there is one that cannot be read
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

  /** The name of a process stands in parentheses, and may have spaces and parentheses in it. */
  private static Entry parse(String stat) throws IOException {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    try {
      return new Entry("ZXx".contains(fields[STATE]), Long.parseLong(fields[START].strip()));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("no line of a process table: " + stat, e);
    }
  }
}
