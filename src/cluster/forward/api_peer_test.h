#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cluster/forward/local_port.h"
#include "cluster/forward/tunnel.h"
#include "http/spdy_frames.h"

namespace flux::cluster::testing {

/// An API server as far as port forwarding goes: it lists pods and speaks all forms of tunnels. What is sent into a pod
/// comes back with the pod's name in front.
class ApiPeer {
 public:
  ApiPeer();
  ApiPeer(const ApiPeer&) = delete;
  ApiPeer& operator=(const ApiPeer&) = delete;
  ~ApiPeer();

  [[nodiscard]] std::string url() const;

  /// What a pod looks like to whoever lists it.
  struct PodRow {
    std::string ns = "flux";
    std::string name = "flux-1";
    std::string labels = "app=flux";  ///< the selector that finds it
    std::string phase = "Running";
    bool ready = true;
    bool deleting = false;
  };
  void set_pods(std::vector<PodRow> pods);
  /// The status for a request for tunnels of this form; 0: agrees.
  void refuse(TunnelForm form, int status);
  void refuse_lists(int status);
  /// What the node says instead of connecting; empty: it connects.
  void break_pods(std::string words);
  /// Cuts every connection there is.
  void cut_all();

  [[nodiscard]] int tunnels(TunnelForm form);  ///< opened so far

 private:
  struct Exchange;
  void accept_all(const Context& ctx);
  void serve(const Context& ctx, LocalConnection& connection);
  std::string list(const std::string& target);
  std::string forward(const Context& ctx, Exchange& exchange, const std::string& head);
  void speak_spdy(const Context& ctx, Exchange& exchange, const std::string& pod, bool in_websocket);
  void speak_channels(const Context& ctx, Exchange& exchange, const std::string& pod);

  LocalPort port_;
  std::mutex mutex_;
  std::vector<PodRow> pods_;
  std::map<TunnelForm, int> refused_;
  int refuse_lists_ = 0;
  std::string broken_;
  std::map<TunnelForm, int> opened_;
  std::stop_source cut_;
  std::vector<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace flux::cluster::testing
