cap.release()
await ws.close()
cv2.destroyAllWindows()  # if you opened a preview window
