package org.ratescope.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a process has ended, with a process table that the test writes. */
class ProcessIdentityTest {
  private static final long PID = 4711;
  private static final long TICKS = 1_234_567;

  @TempDir Path proc;

  private ProcessTable table() {
    return new ProcessTable(proc);
  }

  private void write(String process, String stat) throws IOException {
    Files.writeString(Files.createDirectories(proc.resolve(process)).resolve("stat"), stat);
  }

  /** A line in Linux's format, with 52 fields. */
  private static String stat(String process, String name, char state, long startTicks) {
    return "%s (%s) %c 1 4711 4711 0 -1 4194304 5011 0 7 0 41 12 0 0 20 0 33 0 %d 3829 18446744073709551615 1 1 0 0 0 0 0 0 16800 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
        .formatted(process, name, state, startTicks);
  }

  private static ProcessIdentity mark(long started, long startTicks) {
    ProcessIdentity mine = ProcessIdentity.current();
    return new ProcessIdentity(mine.host(), mine.machine(), PID, started, startTicks);
  }

  private void writeOthers() throws IOException {
    write("self", stat("99", "java", 'R', 7));
    write("1", stat("1", "init", 'S', 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "a b", "a) S 1 2 3 (b", "(", ")", "))))", "1 2 3 4", "x) Z 1 1"})
  void aLivingProcessIsIdentifiedByItsTicksForAnyName(String name) throws Exception {
    writeOthers();
    write("4711", stat("4711", name, 'S', TICKS));
    for (long started : new long[] {0, 1, 5000, Long.MAX_VALUE}) {
      assertThat(mark(started, TICKS).isGone(table())).as("started at %d", started).isFalse();
    }
    assertThat(mark(5000, TICKS + 1).isGone(table())).as("the number is used again").isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "R,false", "S,false", "D,false", "T,false", "t,false", "I,false", "Z,true", "X,true", "x,true"
  })
  void aZombieProcessHasEnded(char state, boolean gone) throws Exception {
    writeOthers();
    write("4711", stat("4711", "java", state, TICKS));
    assertThat(mark(0, TICKS).isGone(table())).isEqualTo(gone);
  }

  @Test
  void anUnusedNumberHasEndedIfTheTableIsComplete() throws Exception {
    write("self", stat("99", "java", 'R', 7));
    assertThat(mark(0, TICKS).isGone(table())).as("others may be hidden").isFalse();
    writeOthers();
    assertThat(mark(0, TICKS).isGone(table())).isTrue();
    assertThat(mark(0, ProcessIdentity.UNKNOWN).isGone(table())).isTrue();
  }

  @Test
  void withoutTicksAProcessWhoseNumberIsInUseCountsAsAlive() throws Exception {
    writeOthers();
    write("4711", stat("4711", "java", 'S', TICKS));
    assertThat(mark(1, ProcessIdentity.UNKNOWN).isGone(table())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4711", "4711 (java) S", "4711 (java) S 1 2 x", "4711 (java", "[", "\u0000"})
  void anUnreadableEntryCountsAsAlive(String line) throws Exception {
    writeOthers();
    write("4711", line);
    assertThat(mark(0, TICKS).isGone(table())).isFalse();
  }

  @Test
  void processesOfAnotherMachineOrAnotherStartCountAsAlive() throws Exception {
    writeOthers();
    ProcessIdentity mine = ProcessIdentity.current();
    for (String machine : new String[] {"", "elsewhere", mine.machine() + "0"}) {
      assertThat(new ProcessIdentity(mine.host(), machine, PID, 0, TICKS).isGone(table()))
          .isFalse();
    }
  }

  @Test
  void withoutATableAProcessWhoseNumberIsInUseCountsAsAlive() {
    ProcessIdentity mine = ProcessIdentity.current();
    Path none = proc.resolve("none");
    ProcessIdentity self = new ProcessIdentity(mine.host(), mine.machine(), mine.pid(), 1, 1);
    assertThat(self.isGone(new ProcessTable(none))).isFalse();
  }

  @Test
  void thisProcessIsAlive() {
    assertThat(ProcessIdentity.current().isGone()).isFalse();
    assertThatThrownBy(() -> new ProcessIdentity("h", "m", 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a process number must be at least 1; got 0");
  }
}
