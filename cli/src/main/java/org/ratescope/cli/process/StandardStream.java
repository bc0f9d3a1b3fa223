package org.ratescope.cli.process;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output or standard error, which remembers that a write failed: a {@link PrintWriter}
 * itself would continue silently.
 */
public final class StandardStream extends OutputStream {
  private final OutputStream to;
  private volatile Optional<IOException> failure = Optional.empty();

  public StandardStream(OutputStream to) {
    this.to = to;
  }

  public static StandardStream out() {
    return new StandardStream(new FileOutputStream(FileDescriptor.out));
  }

  public static StandardStream err() {
    return new StandardStream(new FileOutputStream(FileDescriptor.err));
  }

  public PrintWriter writer(Charset charset) {
    return new PrintWriter(new OutputStreamWriter(new BufferedOutputStream(this), charset), false);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      to.write(bytes, offset, length);
    } catch (IOException e) {
      failure = failure.or(() -> Optional.of(e));
      throw e;
    }
  }

  /** Whether a write failed. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** The message about it; empty if the reader has closed its end, as {@code head} does. */
  public Optional<String> complaint() {
    return failure
        .map(e -> String.valueOf(e.getMessage()))
        .filter(words -> !words.toLowerCase(Locale.ROOT).contains("broken pipe"));
  }
}
