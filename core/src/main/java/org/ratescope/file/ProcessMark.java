package org.ratescope.file;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A process on some machine, described so that another process can tell whether it is still there.
 *
 * @param host the machine's name, for people
 * @param machine what tells machines, their starts and their containers apart: process numbers mean
 *     something only where this is equal
 * @param pid the process number
 * @param started when the process began, in milliseconds of its own machine's clock; process
 *     numbers are used again
 */
public record ProcessMark(String host, String machine, long pid, long started) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path PIDS = Path.of("/proc/self/ns/pid");

  /** What two readings of one process's start may differ by, since clocks are adjusted. */
  private static final long START_MILLIS = 2000;

  private static final ProcessMark CURRENT = ofThisProcess();
  private static final String TOKEN = digits(CURRENT + " " + System.nanoTime());

  /** This process. */
  public static ProcessMark current() {
    return CURRENT;
  }

  /** Decimal digits that no other process has, for names of files. */
  public static String token() {
    return TOKEN;
  }

  /**
   * Whether the process has certainly ended. False where that cannot be known: on another machine,
   * or in another container.
   */
  public boolean isGone() {
    return machine.equals(CURRENT.machine) && (isZombie() || !isAlive());
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> Math.abs(started(process) - started) <= START_MILLIS)
        .isPresent();
  }

  /** A killed process that its parent has not asked after; only Linux tells. */
  private boolean isZombie() {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      int state = stat.lastIndexOf(')') + 2;
      return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static ProcessMark ofThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    String host = hostName();
    return new ProcessMark(host, machineOf(host), process.pid(), started(process));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
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
