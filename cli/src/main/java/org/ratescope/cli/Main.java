package org.ratescope.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.EscapingWriter;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.StandardStream;
import org.ratescope.io.NativeFolder;
import picocli.CommandLine;

/** The entry point of the process; public, since spark-submit looks for it. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // SQL, file names and numbers for programs are the same everywhere: 4 is not ٤
    Locale.setDefault(Locale.ROOT);
    Environment surroundings = Environment.ofProcess();
    if (System.getProperty(NativeFolder.PROPERTY) == null) {
      System.setProperty(NativeFolder.PROPERTY, surroundings.nativeLibraries().toString());
    }
    System.exit(run(surroundings, StandardStream.out(), StandardStream.err(), arguments));
  }

  /**
   * Executes a command.
   *
   * @return its exit code; also {@link ExitCode#FAILED} if standard output could not be written
   */
  static int run(
      Environment surroundings, StandardStream out, StandardStream err, String... arguments) {
    PrintWriter output = out.writer(charset("stdout.encoding"));
    PrintWriter errors = err.writer(charset("stderr.encoding"));
    CommandLine line = RatescopeCommand.commandLine(surroundings);
    line.setOut(new EscapingWriter(output));
    line.setErr(new EscapingWriter(errors));
    int code = line.execute(arguments);
    output.flush();
    out.complaint()
        .ifPresent(words -> errors.println("ratescope: cannot write standard output: " + words));
    errors.flush();
    return out.failed() && code == ExitCode.SUCCESS ? ExitCode.FAILED : code;
  }

  private static Charset charset(String property) {
    return Charset.forName(System.getProperty(property, ""), StandardCharsets.UTF_8);
  }
}
