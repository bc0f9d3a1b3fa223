package org.ratescope.figure;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8ValueObject;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.ratescope.figure.svg.InertSvg;
import org.ratescope.figure.svg.Typeface;
import org.ratescope.io.NativeLibraryException;
import org.ratescope.io.Resources;

/**
 * Vega and Vega-Lite in the JavaScript engine V8. Loading takes a second, so a process has one
 * engine, created on first use. One thread creates it and makes all drawings: V8 protects its
 * memory by protection keys (PKU), and a thread that was started earlier than V8 has no access. The
 * engine has no access to files or the network.
 */
final class Vega {
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("vega").daemon().factory());
  private static final FutureTask<Vega> ENGINE = new FutureTask<>(Vega::new);

  private final V8Runtime engine;

  private Vega() throws JavetException {
    engine = V8Library.runtime();
    engine.setPromiseRejectCallback((event, promise, value) -> {}); // draw.js handles them later
    try (V8ValueObject globals = engine.getGlobalObject()) {
      IJavetDirectCallable.NoThisAndResult<JavetException> width = this::textWidth;
      globals.bindFunction(
          new JavetCallbackContext(
              "textWidth", JavetCallbackType.DirectCallNoThisAndResult, width));
    }
    load("headless.js");
    load("/org/ratescope/page/js/vega.min.js");
    load("/org/ratescope/page/js/vega-lite.min.js");
    load("draw.js");
  }

  private void load(String resource) throws JavetException {
    engine
        .getExecutor(Resources.text(Vega.class, resource))
        .setResourceName(resource)
        .executeVoid();
  }

  /**
   * The engine of this process; the first call takes a second.
   *
   * @throws NativeLibraryException if V8 cannot be unpacked or loaded
   */
  static Vega instance() {
    load();
    try {
      return result(ENGINE);
    } catch (VegaException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates the engine while the caller continues. */
  static void load() {
    THREAD.execute(ENGINE); // it runs once only
  }

  private static <T> T result(Future<T> future) throws VegaException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VegaException known) {
        throw known;
      }
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("JavaScript: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the JavaScript engine was working", e);
    }
  }

  /** Width in pixels of a text, its size, and its weight. */
  private V8Value textWidth(V8Value... arguments) throws JavetException {
    Typeface typeface = Typeface.ofWeight(arguments[2].asString());
    return engine.createV8ValueDouble(
        typeface.width(arguments[0].asString(), arguments[1].asDouble()));
  }

  /** A drawing, and Vega-Lite's remarks, one on each line; empty for none. */
  record Drawing(String svg, String remarks) {}

  /**
   * Draws a Vega-Lite spec.
   *
   * @param spec the spec with its data, as JSON
   * @param config the theme, as JSON
   * @throws VegaException with Vega's own message if the spec cannot be drawn
   */
  Drawing svg(String spec, String config) throws VegaException {
    return result(THREAD.submit(() -> drawn(spec, config)));
  }

  private Drawing drawn(String spec, String config) throws VegaException {
    try (V8ValueObject globals = engine.getGlobalObject();
        V8ValueObject outcome = globals.invoke("draw", spec, config)) {
      engine.await();
      String error = outcome.getString("error");
      if (error != null) {
        throw new VegaException(error, null);
      }
      return new Drawing(InertSvg.of(outcome.getString("svg")), outcome.getString("remarks"));
    } catch (JavetException e) {
      throw new VegaException(String.valueOf(e.getMessage()), e);
    }
  }
}
