package org.ratescope.cli;

import java.util.Locale;
import org.ratescope.file.NativeFolder;

/** Where the process begins and ends; public, since spark-submit looks for it. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // SQL, file names and numbers for programs are the same everywhere: 4 is not ٤
    Locale.setDefault(Locale.ROOT);
    Surroundings surroundings = Surroundings.ofProcess();
    if (System.getProperty(NativeFolder.PROPERTY) == null) {
      System.setProperty(NativeFolder.PROPERTY, surroundings.nativeLibraries().toString());
    }
    System.exit(RatescopeCommand.commandLine(surroundings).execute(arguments));
  }
}
