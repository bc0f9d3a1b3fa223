package org.ratescope.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python that can import the modules of a test. Candidates: the program that the environment
 * variable {@code RATESCOPE_PYTHON} names, {@code python3} on the path, and Debian's. Where none
 * can, the test is skipped with a message.
 */
public final class Python {
  /** Ends with 0 if there are modules of these names, without the seconds of importing them. */
  private static final String FIND =
      "import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in"
          + " sys.argv[1:]))";

  private final String program;

  private Python(String program) {
    this.program = program;
  }

  /** A Python with these modules; else the test that asks is skipped. */
  public static Python with(String... modules) {
    List<String> tried = new ArrayList<>();
    String own = System.getenv("RATESCOPE_PYTHON");
    for (String program : new String[] {own == null ? "" : own, "python3", "/usr/bin/python3"}) {
      if (!program.isEmpty() && tried.add(program)) {
        List<String> find = new ArrayList<>(List.of(program, "-c", FIND));
        find.addAll(List.of(modules));
        if (succeeds(find.toArray(String[]::new))) {
          return new Python(program);
        }
      }
    }
    return abort(
        "skipped: none of %s can import %s; Debian: apt-get install python3-torch python3-pandas; RATESCOPE_PYTHON names another Python"
            .formatted(tried, Arrays.toString(modules)));
  }

  /** Whether there is such a program and it ends with 0. */
  private static boolean succeeds(String... command) {
    try {
      return run(Path.of("."), command).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What a program printed, and how it ended. */
  private record Done(int code, String printed) {}

  private static Done run(Path folder, String... words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return new Done(process.exitValue(), printed);
  }

  /** Runs a script in a folder; it must end with 0. Returns what it printed. */
  public String run(Path folder, String script, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(program, "-c", script));
    words.addAll(arguments);
    Done done = run(folder, words.toArray(String[]::new));
    assertThat(done.code()).as(done.printed()).isZero();
    return done.printed();
  }
}
