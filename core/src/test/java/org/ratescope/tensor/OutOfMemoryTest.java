package org.ratescope.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
  /** Closed by the same error as its body threw, as if Java cannot allocate a second one. */
  private record Broken(Error error) implements AutoCloseable {
    @Override
    public void close() {
      throw error;
    }
  }

  @Test
  void isRecognisedWhenItIsThrownTwice() {
    OutOfMemoryError only = new OutOfMemoryError("Java heap space");
    Throwable seen = null;
    try (Broken broken = new Broken(only)) {
      throw broken.error();
    } catch (IllegalArgumentException e) {
      seen = e;
    }
    assertThat(seen).hasMessage("Self-suppression not permitted");
    assertThat(OutOfMemory.isBehind(seen)).isTrue();
    assertThat(OutOfMemory.isBehind(only)).isTrue();
    assertThat(OutOfMemory.isBehind(new IllegalArgumentException("rank"))).isFalse();
  }
}
