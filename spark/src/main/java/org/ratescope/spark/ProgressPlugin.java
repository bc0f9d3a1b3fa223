package org.ratescope.spark;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * The connection from running tasks to the driver. Spark creates plugins by name on both sides, so
 * each side finds the other in a static field.
 */
public final class ProgressPlugin implements SparkPlugin {
  /** The number under which the driver waits for messages. */
  static final String INBOX = "spark.ratescope.inbox";

  private static final AtomicLong COUNT = new AtomicLong();
  private static final ConcurrentMap<String, BlockingQueue<ExecutorMessage>> INBOXES =
      new ConcurrentHashMap<>();
  private static volatile @Nullable PluginContext executor;

  /** Collects the messages to the driver of one application. */
  static final class Inbox implements AutoCloseable {
    private final String number = Long.toString(COUNT.incrementAndGet());
    private final BlockingQueue<ExecutorMessage> mail = new LinkedBlockingQueue<>();

    Inbox() {
      INBOXES.put(number, mail);
    }

    String number() {
      return number;
    }

    BlockingQueue<ExecutorMessage> mail() {
      return mail;
    }

    @Override
    public void close() {
      INBOXES.remove(number);
    }
  }

  /** Sends messages from a task to the driver; they may be lost. */
  static void send(ExecutorMessage.News news) {
    PluginContext context = executor;
    if (context != null) {
      try {
        context.send(news.bytes());
      } catch (IOException e) {
        // the driver has ended or is busy: the next message contains the same and more
      }
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Driver implements DriverPlugin {
    private BlockingQueue<ExecutorMessage> inbox = new LinkedBlockingQueue<>();

    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      inbox = INBOXES.getOrDefault(context.conf().get(INBOX, ""), inbox);
      return Map.of();
    }

    /** A message has no reply. */
    @Override
    public @Nullable Object receive(Object message) {
      if (message instanceof byte[] bytes) {
        inbox.add(ExecutorMessage.News.of(bytes));
      }
      return null;
    }
  }

  private static final class Executor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> unused) {
      executor = context;
    }

    @Override
    public void shutdown() {
      executor = null;
      ExecutorContext.closeAll();
    }
  }
}
