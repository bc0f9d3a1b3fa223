package org.ratescope.io.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ratescope.io.ProcessIdentity;

@Isolated("its processes count as dead soon")
class LeasesTest {
  private static final HeartbeatConfig SLOW =
      new HeartbeatConfig(Duration.ofHours(1), Duration.ofHours(3));
  private static final long HOUR = Duration.ofHours(1).toNanos();

  @TempDir Path folder;

  private final AtomicLong clock = new AtomicLong();

  private Leases open() throws IOException {
    return Leases.open(folder, SLOW, clock::get);
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> !f.equals("owners")).toList();
    }
  }

  private List<String> owners() throws IOException {
    try (var files = Files.list(folder.resolve("owners"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void aNameIsHeldByOneProcessUntilItIsReleased() throws Exception {
    try (Leases one = open();
        Leases other = open()) {
      Lease lease = one.take(List.of("a", "b")).orElseThrow();
      assertThat(lease.holds("a")).isTrue();
      assertThat(lease.holds("c")).isFalse();
      assertThat(other.take(List.of("b"))).isEmpty();
      assertThat(one.take(List.of("b"))).as("another thread of the same process").isEmpty();
      assertThat(other.holders(List.of("b", "c")))
          .containsExactly(
              "process %d on %s"
                  .formatted(ProcessHandle.current().pid(), ProcessIdentity.current().host()));
      lease.close();
      assertThat(lease.holds("a")).isFalse();
      assertThat(other.take(List.of("b"))).isPresent();
    }
  }

  @Test
  void eitherAllNamesAreLeasedOrNone() throws Exception {
    try (Leases one = open();
        Leases other = open()) {
      Lease lease = one.take(List.of("m")).orElseThrow();
      assertThat(other.take(List.of("a", "m", "z"))).isEmpty();
      assertThat(files()).containsExactly("m.0");
      lease.done("m");
      assertThat(files()).isEmpty();
      assertThat(other.take(List.of("a", "m", "z"))).isPresent();
    }
    assertThat(owners()).isEmpty();
  }

  @Test
  void aLeaseThatCannotBeWrittenReleasesTheOthers() throws Exception {
    try (Leases leases = open()) {
      List<String> names = List.of("a", "b", "missing/folder");
      assertThatThrownBy(() -> leases.take(names)).isInstanceOf(IOException.class);
      assertThat(files()).isEmpty();
    }
  }

  /** The patience is that of the watching process, and begins with its first look. */
  @Test
  void leasesOfAProcessWithoutHeartbeatsAreTakenOverAndItNotices() throws Exception {
    try (Leases silent = open();
        Leases other = open()) {
      Lease old = silent.take(List.of("a")).orElseThrow();
      clock.addAndGet(100 * HOUR); // nobody has watched, so this shows nothing
      assertThat(other.take(List.of("a"))).isEmpty();
      clock.addAndGet(3 * HOUR - 1);
      assertThat(other.take(List.of("a"))).isEmpty();
      clock.addAndGet(1);
      Lease taken = other.take(List.of("a")).orElseThrow();
      assertThat(taken.holds("a")).isTrue();
      assertThat(old.holds("a")).as("the owner that wakes").isFalse();
      old.done("a");
      old.close();
      assertThat(taken.holds("a")).as("after the old owner left").isTrue();
      taken.done("a");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aHeartbeatRestartsThePatience() throws Exception {
    HeartbeatConfig quick = new HeartbeatConfig(Duration.ofMillis(20), Duration.ofHours(3));
    try (Leases beating = Leases.open(folder, quick, clock::get);
        Leases other = open()) {
      Lease lease = beating.take(List.of("a")).orElseThrow();
      for (int i = 0; i < 5; i++) {
        assertThat(other.take(List.of("a"))).isEmpty();
        clock.addAndGet(3 * HOUR);
        Thread.sleep(100); // several heartbeats
      }
      assertThat(other.take(List.of("a"))).isEmpty();
      assertThat(lease.holds("a")).isTrue();
    }
  }

  /** An ended process of this machine is known to be dead at once, and its files are deleted. */
  @Test
  void leasesOfDeadProcessesOnThisMachineAreTakenOverAtOnce() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isZero();
    ProcessIdentity mine = ProcessIdentity.current();
    Files.createDirectories(folder.resolve("owners"));
    writeOwner("dead", new ProcessIdentity(mine.host(), mine.machine(), gone.pid(), 1, 1), "4711");
    writeOwner("far", new ProcessIdentity("far", "elsewhere", gone.pid(), 1, 1), "4712");
    Files.writeString(folder.resolve("a.0"), "dead");
    Files.writeString(folder.resolve("b.0"), "far");
    Path records = Files.createDirectories(folder.resolve("records"));
    for (String part : List.of("r.json.4711.part", "r.json.4712.part", "r.json")) {
      Files.writeString(records.resolve(part), "half");
    }
    try (Leases leases = open()) {
      leases.sweep(List.of(records, folder.resolve("none")));
      assertThat(owners()).contains("dead.json", "far.json");
      assertThat(records.resolve("r.json.4711.part")).doesNotExist();
      assertThat(records.resolve("r.json.4712.part")).exists();
      assertThat(records.resolve("r.json")).exists();
      assertThat(leases.take(List.of("b"))).as("of a machine that cannot be asked").isEmpty();
      Lease lease = leases.take(List.of("a")).orElseThrow();
      assertThat(files()).contains("a.0", "a.1");
      lease.done("a");
      leases.sweep(List.of(records));
      assertThat(owners()).doesNotContain("dead.json").contains("far.json");
    }
    assertThat(files()).containsExactlyInAnyOrder("b.0", "records");
  }

  /** The clock of a machine may be set during a sweep: its processes still count as alive. */
  @Test
  void aClockStepDoesNotMakeAProcessDead() throws Exception {
    ProcessIdentity mine = ProcessIdentity.current();
    long second = 1000;
    Files.createDirectories(folder.resolve("owners"));
    List<Long> steps = new ArrayList<>();
    for (long step : List.of(3 * second, 5 * second, 3600 * second, 86_400 * second)) {
      steps.add(step);
      steps.add(-step);
    }
    try (Leases leases = open()) {
      for (long step : steps) {
        String name = "stepped-" + (step < 0 ? "back" + -step : step);
        ProcessIdentity stepped =
            new ProcessIdentity(
                mine.host(), mine.machine(), mine.pid(), mine.started() + step, mine.startTicks());
        writeOwner(name, stepped, "4711");
        Files.writeString(folder.resolve("of-" + name + ".0"), name);
        assertThat(leases.take(List.of("of-" + name))).as("clock set by %d ms", step).isEmpty();
        assertThat(Leases.areHeld(folder, SLOW, List.of("of-" + name))).isTrue();
      }
    }
  }

  /**
   * Files of an earlier version have no ticks; its heartbeats show whether the process is alive.
   */
  @Test
  void ownersOfAnEarlierVersionAreRead() throws Exception {
    ProcessIdentity mine = ProcessIdentity.current();
    Owner old =
        Owner.parse(
            """
            {"host":"node3","machine":"%s","pid":%d,"started":5,"token":"4711","beats":9}
            """
                .formatted(mine.machine(), mine.pid()));
    assertThat(old.process().startTicks()).isEqualTo(ProcessIdentity.UNKNOWN);
    assertThat(old.process().isGone()).as("a process has this number").isFalse();
    assertThat(old.beats()).isEqualTo(9);
    assertThat(Owner.parse(Owner.current(3).json())).isEqualTo(Owner.current(3));
  }

  /** Any content of the files in a folder that others may write to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "[]",
        "{}",
        "null",
        "\"x\"",
        "{",
        "",
        "\u0000",
        "../../x",
        "*",
        "a/b",
        "\uD800",
        "[[[[[[[[",
        "{\"host\":\"h\",\"machine\":\"MACHINE\",\"pid\":1,\"started\":1,\"token\":\"[\",\"beats\":1}",
        "{\"host\":\"h\",\"machine\":\"MACHINE\",\"pid\":1,\"started\":1,\"token\":\"*\",\"beats\":1}",
        "{\"host\":\"h\",\"machine\":\"MACHINE\",\"pid\":0,\"started\":1,\"token\":\"1\",\"beats\":1}",
        "{\"host\":\"h\",\"machine\":\"MACHINE\",\"pid\":-7,\"started\":1,\"token\":\"1\",\"beats\":1}",
        "{\"host\":[],\"machine\":{},\"pid\":\"x\",\"started\":null,\"token\":7,\"beats\":1e99}"
      })
  void noFileContentMakesACallFail(String pattern) throws Exception {
    String content = pattern.replace("MACHINE", ProcessIdentity.current().machine());
    Path owners = Files.createDirectories(folder.resolve("owners"));
    Path records = Files.createDirectories(folder.resolve("records"));
    Files.writeString(records.resolve("r.json.4711.part"), "half");
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    Files.write(owners.resolve("[.json"), bytes);
    Files.write(owners.resolve("dead.json"), bytes);
    Files.write(folder.resolve("a.0"), bytes);
    Files.writeString(folder.resolve("b.0"), "dead");
    Files.writeString(folder.resolve("c.999999999"), "dead");
    Files.createDirectories(folder.resolve("d.0"));
    try (Leases leases = open()) {
      leases.sweep(List.of(records));
      leases.clear(name -> true);
      List<String> names = List.of("a", "b", "c", "d");
      for (String name : names) {
        assertThat(leases.take(List.of(name))).as("%s, at the first look", name).isEmpty();
      }
      assertThat(leases.holders(names)).isNotEmpty();
      clock.addAndGet(3 * HOUR);
      leases.sweep(List.of(records));
      assertThat(leases.take(List.of("a", "b"))).as("nobody beats").isPresent();
      leases.clear(name -> true);
    }
    assertThat(owners.resolve("[.json")).as("what is none of an owner stays").exists();
    assertThat(records.resolve("r.json.4711.part")).exists();
  }

  /**
   * Finished names are not leased again; processes on other machines and living ones may still
   * work.
   */
  @Test
  void leasesOfDeadProcessesOnFinishedNamesAreDeleted() throws Exception {
    Leases.clearUp(folder.resolve("none"), SLOW, name -> true, List.of());
    assertThat(folder.resolve("none")).doesNotExist();
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isZero();
    ProcessIdentity mine = ProcessIdentity.current();
    Files.createDirectories(folder.resolve("owners"));
    writeOwner("dead", new ProcessIdentity(mine.host(), mine.machine(), gone.pid(), 1, 1), "4711");
    writeOwner("far", new ProcessIdentity("far", "elsewhere", gone.pid(), 1, 1), "4712");
    Files.writeString(folder.resolve("done.0"), "far");
    Files.writeString(folder.resolve("done.1"), "dead");
    Files.writeString(folder.resolve("open.0"), "dead");
    Files.writeString(folder.resolve("away.0"), "far");
    try (Leases living = open()) {
      Lease lease = living.take(List.of("held")).orElseThrow();
      Leases.clearUp(folder, SLOW, name -> !name.equals("open"), List.of());
      assertThat(files()).containsExactlyInAnyOrder("open.0", "away.0", "held.0");
      assertThat(lease.holds("held")).isTrue();
      assertThat(owners()).contains("dead.json", "far.json").hasSize(3);
      Leases.clearUp(folder, SLOW, name -> true, List.of());
      assertThat(files()).containsExactlyInAnyOrder("away.0", "held.0");
      assertThat(owners()).contains("far.json").hasSize(2);
    }
  }

  private void writeOwner(String name, ProcessIdentity process, String token) throws IOException {
    Files.writeString(
        folder.resolve("owners").resolve(name + ".json"), new Owner(process, token, 7).json());
  }

  /**
   * A process that died after it created the file of a lease and before it wrote its name into it.
   */
  @Test
  void anEmptyLeaseIsTakenOverAfterThePatience() throws Exception {
    Files.createFile(folder.resolve("a.0"));
    try (Leases leases = open()) {
      assertThat(leases.take(List.of("a"))).isEmpty();
      assertThat(leases.holders(List.of("a"))).containsExactly("an unknown process");
      clock.addAndGet(3 * HOUR);
      assertThat(leases.take(List.of("a"))).isPresent();
    }
  }

  /** Of many processes that take over from the same dead owner at the same moment, one succeeds. */
  @Test
  void onlyOneProcessTakesOverALease() throws Exception {
    for (int round = 0; round < 20; round++) {
      String name = "n" + round;
      Files.writeString(folder.resolve(name + ".0"), "nobody");
      List<Leases> all = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          Leases leases = open();
          all.add(leases);
          assertThat(leases.take(List.of(name))).isEmpty(); // the first look
        }
        clock.addAndGet(3 * HOUR);
        List<Callable<Optional<Lease>>> takes = new ArrayList<>();
        all.forEach(leases -> takes.add(() -> leases.take(List.of(name))));
        int won = 0;
        for (Future<Optional<Lease>> take : threads.invokeAll(takes)) {
          won += take.get().isPresent() ? 1 : 0;
        }
        assertThat(won).as("winners of %s", name).isEqualTo(1);
      }
      for (Leases leases : all) {
        leases.close();
      }
    }
  }

  @Test
  void thePatienceIsAtLeastThreeHeartbeats() {
    assertThatThrownBy(() -> new HeartbeatConfig(Duration.ofSeconds(10), Duration.ofSeconds(29)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "got a patience of PT29S with a heartbeat of PT10S; expected at least three"
                + " heartbeats");
  }
}
