package org.ratescope.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Identifies a process on a machine, so that another process can determine whether it still runs.
 *
 * @param host the machine's name, for readers
 * @param machine identifies a machine, its current start and its container: process numbers and
 *     ticks are comparable only if this text is equal
 * @param pid the process number
 * @param started when the process began, in milliseconds of its machine's clock; for readers and
 *     for older versions, since clocks are adjusted
 * @param startTicks when it began, in ticks since the machine's start, or {@link #UNKNOWN} if the
 *     system or the writing version does not provide it; needed because process numbers are reused
 */
public record ProcessIdentity(
    String host, String machine, long pid, long started, long startTicks) {
  /** An unknown start in ticks. */
  public static final long UNKNOWN = -1;

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path PIDS = Path.of("/proc/self/ns/pid");

  private static final ProcessIdentity CURRENT = ofThisProcess();
  private static final String TOKEN = digits(CURRENT + " " + System.nanoTime());

  public ProcessIdentity {
    if (pid < 1) {
      throw new IllegalArgumentException("a process number must be at least 1; got " + pid);
    }
  }

  /** This process. */
  public static ProcessIdentity current() {
    return CURRENT;
  }

  /** Decimal digits for names of files, unique to this process. */
  public static String token() {
    return TOKEN;
  }

  /**
   * Whether the process has certainly ended: no process of this machine has its number, or the
   * process with its number began at another tick. Returns false if this cannot be known: on
   * another machine, for an earlier start of this machine, or in another container; if the process
   * table hides the processes of other users; and if a process has the number but its start in
   * ticks is unknown. Uses no clock.
   */
  public boolean isGone() {
    return isGone(ProcessTable.HERE);
  }

  boolean isGone(ProcessTable table) {
    if (!machine.equals(CURRENT.machine)) {
      return false;
    }
    if (!table.exists()) {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
    try {
      return table
          .entry(pid)
          .map(entry -> entry.ended() || (startTicks >= 0 && startTicks != entry.startTicks()))
          .orElseGet(table::isComplete);
    } catch (IOException e) {
      return false;
    }
  }

  private static ProcessIdentity ofThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    String host = hostName();
    return new ProcessIdentity(
        host, machineOf(host), process.pid(), started(process), startTicks(process.pid()));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }

  private static long startTicks(long pid) {
    try {
      return ProcessTable.HERE.entry(pid).map(ProcessTable.Entry::startTicks).orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String hostName() {
    try {
      return Files.readString(NAME).strip();
    } catch (IOException e) {
      return localHost();
    }
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String machineOf(String host) {
    try {
      return digits(Files.readString(BOOT) + Files.readSymbolicLink(PIDS));
    } catch (IOException | UnsupportedOperationException e) {
      return host;
    }
  }

  private static String digits(String text) {
    UUID hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    return Long.toString(hash.getMostSignificantBits() >>> 1);
  }
}
